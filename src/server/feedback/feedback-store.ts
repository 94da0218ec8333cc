import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { makeFolder } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { Polygon } from '../../reading/reading.ts';
import { seal, unseal } from './sealed-file.ts';

/** A corrected reading, as it is kept with its picture. */
export interface Correction {
  readonly requestId: string;
  readonly model: string;
  /** ISO 8601, in UTC. */
  readonly time: string;
  /** What the picture says, line by line. */
  readonly text: string;
  readonly width: number;
  readonly height: number;
  /** What was read, with its places. */
  readonly lines: readonly { readonly text: string; readonly confidence: number; readonly polygon: Polygon }[];
}

export interface KeptCorrection extends Correction {
  readonly id: string;
  readonly picture: Uint8Array;
}

export interface StoreOptions {
  readonly folder: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Most bytes on disk; default 1 GiB. */
  readonly maxBytes?: number;
  /** Days after which a correction is deleted; default 90. */
  readonly days?: number;
  readonly now?: () => number;
}

const EXTENSION = '.feedback';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Corrections with their pictures, each in an encrypted file of its own. */
export class FeedbackStore {
  readonly #options: Required<StoreOptions>;
  /** Bytes and time of each file, by id. */
  readonly #files: Map<string, { readonly bytes: number; readonly time: number }>;

  private constructor(options: Required<StoreOptions>, files: FeedbackStore['files']) {
    this.#options = options;
    this.#files = new Map(files);
  }

  /** Looks at what is kept, and deletes what is too old; throws FILE_NOT_WRITABLE. */
  static async open({ maxBytes = 2 ** 30, days = 90, now = Date.now, ...options }: StoreOptions) {
    await makeFolder(options.folder);
    const names = (await readdir(options.folder)).filter((name) => name.endsWith(EXTENSION));
    const files = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(join(options.folder, name));
        return [name.slice(0, -EXTENSION.length), { bytes: size, time: mtimeMs }] as const;
      }),
    );
    const store = new FeedbackStore({ ...options, maxBytes, days, now }, new Map(files));
    await store.sweep();
    return store;
  }

  get files(): ReadonlyMap<string, { readonly bytes: number; readonly time: number }> {
    return this.#files;
  }

  get bytes(): number {
    return [...this.#files.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Keeps a correction and returns its id; throws DISK_FULL where there is no room for it. */
  async add(correction: Correction, picture: Uint8Array): Promise<string> {
    const { key, maxBytes, now } = this.#options;
    const id = randomUUID();
    const header = Buffer.from(JSON.stringify(correction));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    const sealed = seal(Buffer.concat([length, header, picture]), key, id);
    if (this.bytes + sealed.length > maxBytes) {
      throw new TextRecognizerError('DISK_FULL', `The feedback has no room left in its ${maxBytes} bytes.`);
    }
    // Counted before it is written, so that requests at the same time do not exceed the limit together.
    this.#files.set(id, { bytes: sealed.length, time: now() });
    try {
      await writeFileAtomic(this.#pathOf(id), sealed);
    } catch (error) {
      this.#files.delete(id);
      throw error;
    }
    return id;
  }

  /** Decrypts a correction; throws FILE_CORRUPT. */
  async read(id: string): Promise<KeptCorrection> {
    const path = this.#pathOf(id);
    const plain = unseal(await readFile(path), this.#options.key, id, path);
    const end = 4 + plain.readUInt32LE(0);
    const correction = JSON.parse(plain.subarray(4, end).toString()) as Correction;
    return { ...correction, id, picture: plain.subarray(end) };
  }

  /** Deletes a correction; false where there is none of that id. */
  async remove(id: string): Promise<boolean> {
    if (!this.#files.delete(id)) return false;
    await rm(this.#pathOf(id), { force: true });
    return true;
  }

  /** Deletes what is older than it may be. */
  async sweep(): Promise<void> {
    const { days, now } = this.#options;
    const old = [...this.#files].filter(([, { time }]) => now() - time > days * DAY_MS);
    for (const [id] of old) await this.remove(id);
  }

  #pathOf(id: string): string {
    return join(this.#options.folder, `${id}${EXTENSION}`);
  }
}
