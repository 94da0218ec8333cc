import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeIdx, encodeIdxGzip } from './idx.ts';
import { hasIdxPair, loadIdxPair } from './load-idx-pair.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idx-pair-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes two 2×3 images, 1 to 6 and 11 to 16, with `labels`. */
async function pair(name: string, labels: number[], zipped = true): Promise<string> {
  const prefix = join(folder, name);
  const [encode, suffix] = zipped ? [encodeIdxGzip, '.gz'] : [encodeIdx, ''];
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16);
  await writeFile(`${prefix}-images-idx3-ubyte${suffix}`, encode([2, 2, 3], pixels));
  await writeFile(`${prefix}-labels-idx1-ubyte${suffix}`, encode([labels.length], Uint8Array.from(labels)));
  return prefix;
}

test.each([true, false])('loads a pair, gzip: %s', async (zipped) => {
  const dataset = await loadIdxPair(await pair(`good-${zipped}`, [10, 61], zipped));
  expect(dataset).toMatchObject({ name: `good-${zipped}`, length: 2, height: 2, width: 3 });
  expect(Array.from(dataset.labels, (label) => dataset.classes[label])).toEqual(['A', 'z']);
  const images = new Uint8Array(6);
  dataset.read([1], images);
  expect([...images]).toEqual([11, 12, 13, 14, 15, 16]);
});

test('exchanges rows and columns where the file has them exchanged', async () => {
  const dataset = await loadIdxPair(await pair('nist', [0, 1]), { transpose: true, name: 'upright' });
  expect(dataset).toMatchObject({ name: 'upright', height: 3, width: 2 });
  const images = new Uint8Array(6);
  dataset.read([0], images);
  expect([...images]).toEqual([1, 4, 2, 5, 3, 6]);
});

test('labels may begin at 1', async () => {
  const options = { classes: ['A', 'B'], firstLabel: 1 };
  const dataset = await loadIdxPair(await pair('letters', [1, 2]), options);
  expect([...dataset.labels]).toEqual([0, 1]);
  const zero = await pair('letters-0', [1, 0]);
  await expect(loadIdxPair(zero, options)).rejects.toThrow('item 1 has label 0, but labels run from 1 to 2');
});

test('refuses what does not fit together', async () => {
  const three = await pair('three', [0, 1, 2]);
  await expect(loadIdxPair(three)).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: 'three: 2 images but 3 labels; the two files do not belong together.',
  });
  const high = await pair('high', [0, 62]);
  await expect(loadIdxPair(high)).rejects.toThrow('item 1 has label 62, but labels run from 0 to 61');
});

test('says which file is missing', async () => {
  const prefix = await pair('half', [0, 1]);
  expect(hasIdxPair(prefix)).toBe(true);
  await rm(`${prefix}-labels-idx1-ubyte.gz`);
  expect(hasIdxPair(prefix)).toBe(false);
  await expect(loadIdxPair(prefix)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringContaining('half-labels-idx1-ubyte.gz'),
  });
});
