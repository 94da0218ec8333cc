import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasMoto, MotoServer } from '../../../tests/support/moto-server.ts';
import { jsonDigest } from '../../files/json-digest.ts';
import { openRunStore, placeIn } from '../queue/run-store.ts';
import { rollbackModel } from './model-registry.ts';
import { pullModel, pushModel } from './share-model.ts';
import { hashesOf } from './testing/hashes-of.ts';
import { writeRegistries } from './testing/write-registries.ts';

let folder: string;
let moto: MotoServer | undefined;
/** Two registries, with different models of one name. */
let registries: string[];
let digests: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'share-'));
  if (hasMoto) moto = await MotoServer.start('models');
  ({ registries, digests } = await writeRegistries(folder));
}, 60_000);

afterAll(async () => {
  await moto?.close();
  await rm(folder, { recursive: true, force: true });
});

const hashes = (registry: string) => hashesOf(join(registry, 'mlp'));
/** Changes the record of the second model, with a digest that fits the change. */
async function changeRecord(place: string, files: readonly object[]): Promise<void> {
  const store = await openRunStore(placeIn(place, 'mlp'));
  const record = { format: 1, name: 'mlp', files };
  const sealed = { ...record, digest: await jsonDigest(record) };
  await store.write(`${digests[1]}.json`, Buffer.from(JSON.stringify(sealed)));
}

const places = [
  ['a shared folder', () => join(folder, 'place')],
  ['S3', () => 's3://models/some/prefix'],
] as const;

describe.each(places)('models in %s', (kind, root) => {
  const skip = kind === 'S3' && !hasMoto;
  const target = join(kind.replace(' ', '-'), 'models');

  test.skipIf(skip)('the last or a named model arrives with the same bytes, and the former is kept', async () => {
    const registry = join(folder, target);
    const place = placeIn(root(), 'a');
    for (const each of registries) await pushModel(each, 'mlp', place);
    expect(await pullModel(registry, 'mlp', place)).toMatchObject({ version: 1, digest: digests[1] });
    expect(await hashes(registry)).toEqual(await hashes(registries[1]));
    expect(await pullModel(registry, 'mlp', place, digests[0])).toMatchObject({ version: 2, former: 1 });
    expect(await hashes(registry)).toEqual(await hashes(registries[0]));
    await rollbackModel(registry, 'mlp');
    expect(await hashes(registry)).toEqual(await hashes(registries[1]));
  });

  test.skipIf(skip)('what is changed, missing, or another model is refused, and the installed one stays', async () => {
    const place = placeIn(root(), 'b');
    const before = await hashes(registries[0]);
    const pull = () => pullModel(registries[0], 'mlp', place);
    await expect(pull()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await pushModel(registries[1], 'mlp', place);
    const store = await openRunStore(placeIn(place, 'mlp'));
    const [weights] = (await store.list('files/')).toSorted();
    const content = (await store.read(weights))!;
    await store.write(weights, content.subarray(1));
    await expect(pull()).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', message: /was changed/ });
    await store.remove([weights]);
    await expect(pull()).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', message: /is missing/ });
    await store.write(weights, content);
    await store.write(`${digests[1]}.json`, content.subarray(0, 10));
    await expect(pull()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    const sha256 = weights.slice('files/'.length);
    for (const name of ['../escaped', '/etc/escaped', 'a/../../escaped', 'a\\escaped']) {
      await changeRecord(place, [{ name, bytes: content.length, sha256 }]);
      await expect(pull()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    }
    await pushModel(registries[1], 'mlp', place);
    await store.write(`${digests[0]}.json`, (await store.read(`${digests[1]}.json`))!);
    const other = pullModel(registries[0], 'mlp', place, digests[0]);
    await expect(other).rejects.toMatchObject({ code: 'MODEL_INVALID', message: /Push 'mlp' again/ });
    expect(await hashes(registries[0])).toEqual(before);
  });
});

test('a model that is not installed is not pushed', async () => {
  await expect(pushModel(join(folder, 'nowhere'), 'mlp', join(folder, 'c'))).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
  });
  expect(existsSync(join(folder, 'c'))).toBe(false);
});
