import { sha256 } from '../../files/sha256.ts';
import { openRunStore, placeIn } from '../queue/run-store.ts';
import type { FoundModel, ModelPlace, PushedModel } from './model-place.ts';
import { hashOf } from './list-files.ts';

/*
 * A folder or S3 has `NAME/files/SHA256` for each file of the models that were pushed, `NAME/DIGEST.json` for each model with its files, and
 * `NAME/latest` with the digest of the last one. They are written in this order, so that what is named is complete, and pushing a model
 * again never changes a file that a record names.
 */

/** Models in a folder or in S3 (`s3://BUCKET/PREFIX`). */
export class StorePlace implements ModelPlace {
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  async push({ name, digest, files, record }: PushedModel): Promise<void> {
    const store = await openRunStore(placeIn(this.#place, name));
    for (const bytes of files.values()) await store.write(`files/${hashOf(bytes)}`, bytes);
    await store.write(`${digest}.json`, record);
    await store.write('latest', Buffer.from(`${digest}\n`));
  }

  async find(name: string, digest?: string): Promise<FoundModel | undefined> {
    const store = await openRunStore(placeIn(this.#place, name));
    const wanted = digest ?? toText(await store.read('latest'))?.trim() ?? '';
    const record = sha256.safeParse(wanted).success ? await store.read(`${wanted}.json`) : undefined;
    if (record === undefined) return undefined;
    return {
      where: placeIn(this.#place, name, `${wanted}.json`),
      digest: wanted,
      record,
      read: ({ sha256 }) => store.read(`files/${sha256}`),
    };
  }
}

const toText = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('utf8');
