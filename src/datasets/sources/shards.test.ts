import { cp, mkdtemp, readFile, readdir, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadBatches } from '../batches/batch-loader.ts';
import { memoryDataset } from '../memory-dataset.ts';
import { openShards } from './shards.ts';
import { shardContent, writeShards } from './write-shards.ts';

/** Ten 1×2 images; the pixels of item i are i and i + 100, its label is i mod 2. */
const ten = memoryDataset({
  name: 'ten',
  classes: ['even', 'odd'],
  height: 1,
  width: 2,
  images: Uint8Array.from({ length: 20 }, (_, at) => (at >> 1) + 100 * (at & 1)),
  labels: Uint8Array.from({ length: 10 }, (_, item) => item % 2),
});

let root = '';
let good = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'shards-'));
  good = join(root, 'good');
  await writeShards(good, shardContent(ten), { itemsPerShard: 4 });
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A copy of the good shards to damage. */
async function copy(name: string): Promise<string> {
  const folder = join(root, name);
  await cp(good, folder, { recursive: true });
  return folder;
}

test('reads across shards, in any order, with repeats', async () => {
  const dataset = await openShards(good);
  expect(dataset).toMatchObject({ name: 'ten', classes: ['even', 'odd'], length: 10, height: 1, width: 2 });
  expect([...dataset.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const images = new Uint8Array(12);
  dataset.read([9, 0, 4, 3, 9, 7], images);
  expect([...images]).toEqual([9, 109, 0, 100, 4, 104, 3, 103, 9, 109, 7, 107]);
  expect(() => dataset.read([10], images)).toThrow('There is no item 10 in ten');
});

test('the files are what the manifest says', async () => {
  expect((await readdir(good)).sort()).toEqual([
    'images-00000.bin',
    'images-00001.bin',
    'images-00002.bin',
    'labels.bin',
    'manifest.json',
  ]);
  const manifest = JSON.parse(await readFile(join(good, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({ format: 'text-recognizer-shards', version: 1, count: 10, shards: { length: 3 } });
  // printf '\x08\x6c\x09\x6d' | sha256sum
  expect(manifest.shards[2]).toEqual({
    file: 'images-00002.bin',
    count: 2,
    sha256: '1d33c7f8b8a9ac9c830d04deb2150f71014027bb917ff4cacecf7dd796c874ea',
  });
});

test('a loader reads shards on its own thread', async () => {
  const loader = loadBatches(await openShards(good), { batchSize: 3, seed: 1, shuffle: false, startBatch: 1 });
  const batch = (await loader.next())!;
  expect([...batch.images]).toEqual([3, 103, 4, 104, 5, 105]);
  await loader.close();
});

test('an empty dataset can be written', async () => {
  const folder = join(root, 'empty');
  await writeShards(folder, { ...ten, items: [] });
  expect((await openShards(folder)).length).toBe(0);
});

test('writing that is interrupted leaves nothing that opens, and can be repeated', async () => {
  const folder = join(root, 'interrupted');
  function* items() {
    for (const label of [0, 1, 0]) yield { image: Uint8Array.of(1, 2), label };
    throw new Error('power cut');
  }
  await expect(writeShards(folder, { ...ten, items: items() }, { itemsPerShard: 2 })).rejects.toThrow('power cut');
  expect(await readdir(folder)).toEqual(['images-00000.bin']);
  await expect(openShards(folder)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
  await writeShards(folder, shardContent(ten));
  expect((await openShards(folder)).length).toBe(10);
});

test('a dataset is never overwritten', async () => {
  await expect(writeShards(good, shardContent(ten))).rejects.toThrow('already holds a dataset');
});

test.each([
  [{ image: new Uint8Array(3), label: 0 }, 'an image has 3 bytes; 1×2 needs 2'],
  [{ image: new Uint8Array(2), label: 2 }, 'has label 2, but labels run from 0 to 1'],
])('refuses an item that does not fit: %j', async (item, message) => {
  await expect(writeShards(join(root, 'misfit'), { ...ten, items: [item] })).rejects.toThrow(message);
});

test('says which file is missing, truncated or changed', async () => {
  const missing = await copy('missing');
  await unlink(join(missing, 'images-00001.bin'));
  await expect(openShards(missing)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringContaining('images-00001.bin is missing: write the dataset again'),
  });

  const short = await copy('short');
  await truncate(join(short, 'images-00001.bin'), 7);
  await expect(openShards(short)).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringContaining('images-00001.bin has 7 bytes instead of 8'),
  });

  const labels = await copy('labels');
  await writeFile(join(labels, 'labels.bin'), new Uint8Array(10));
  await expect(openShards(labels, { verify: 'never' })).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
});

test('a dataset that is deleted while it is in use is a typed error', async () => {
  const folder = await copy('deleted');
  const dataset = await openShards(folder);
  await rm(folder, { recursive: true });
  expect(() => dataset.read([0], new Uint8Array(2))).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }));
});

test('a changed shard is found on opening, or before it is read', async () => {
  const changed = await copy('changed');
  await writeFile(join(changed, 'images-00001.bin'), new Uint8Array(8));
  await expect(openShards(changed)).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
    message: expect.stringContaining('images-00001.bin'),
  });
  const lazy = await openShards(changed, { verify: 'read' });
  lazy.read([0, 9], new Uint8Array(4));
  expect(() => lazy.read([0, 5], new Uint8Array(4))).toThrow(expect.objectContaining({ code: 'CHECKSUM_MISMATCH' }));
});

test.each([
  ['not JSON', () => '{'],
  ['of another version', (text: string) => text.replace('"version": 1', '"version": 2')],
  ['with a path', (text: string) => text.replace('images-00000.bin', '../../images-00000.bin')],
  ['with a wrong count', (text: string) => text.replace('"count": 10', '"count": 11')],
])('refuses a manifest %s', async (name, change) => {
  const folder = await copy(name);
  const path = join(folder, 'manifest.json');
  await writeFile(path, change(await readFile(path, 'utf8')));
  await expect(openShards(folder)).rejects.toMatchObject({ code: 'DATASET_INVALID' });
});

test('a manifest whose classes were swapped is found', async () => {
  const folder = await copy('swapped');
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { classes: string[] };
  await writeFile(path, JSON.stringify({ ...manifest, classes: manifest.classes.toReversed() }));
  await expect(openShards(folder)).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
    message: expect.stringContaining(`${path} was changed`),
  });
});
