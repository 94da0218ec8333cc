import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { TextRecognizerError } from '../../errors.ts';
import type { Dataset } from '../dataset.ts';
import { EMNIST_SPLITS } from './emnist-classes.ts';
import { loadEmnist } from './emnist.ts';
import { encodeIdxGzip } from './idx.ts';
import { memoryDataset } from '../memory-dataset.ts';
import { sampleToBalance } from '../sample-to-balance.ts';

/** A 3×2 L, upright, and as NIST's files have it: rows and columns exchanged. */
const UPRIGHT = [255, 0, 255, 0, 255, 255];
const TRANSPOSED = Uint8Array.of(255, 255, 255, 0, 0, 255);

let root = '';
let folder = '';
let zip = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'emnist-'));
  folder = join(root, 'gzip');
  zip = join(root, 'gzip.zip');
  await mkdir(folder);
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from('0 48\n'), 'gzip/emnist-byclass-mapping.txt');
  // Letters begin at 1; 21 is an L in all of ByClass, ByMerge and Balanced.
  const files = { byclass: 21, bymerge: 21, balanced: 21, letters: 12, digits: 7, mnist: 7 };
  for (const [split, label] of Object.entries(files)) {
    for (const part of ['train', 'test']) {
      const name = `emnist-${split}-${part}`;
      const images = encodeIdxGzip([1, 2, 3], TRANSPOSED);
      const labels = encodeIdxGzip([1], Uint8Array.of(label));
      archive.addBuffer(images, `gzip/${name}-images-idx3-ubyte.gz`);
      archive.addBuffer(labels, `gzip/${name}-labels-idx1-ubyte.gz`, { compress: false });
      await writeFile(join(folder, `${name}-images-idx3-ubyte.gz`), images);
      await writeFile(join(folder, `${name}-labels-idx1-ubyte.gz`), labels);
    }
  }
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(zip));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function only(dataset: Dataset): { label: string; pixels: number[] } {
  const images = new Uint8Array(dataset.height * dataset.width);
  dataset.read([0], images);
  return { label: dataset.classes[dataset.labels[0]], pixels: [...images] };
}

test.each([
  ['byclass', 'train', 'L'],
  ['byclass', 'test', 'L'],
  ['bymerge', 'test', 'L'],
  ['balanced', 'train', 'L'],
  ['letters', 'test', 'L'],
  ['digits', 'train', '7'],
  ['mnist', 'test', '7'],
] as const)('reads %s %s upright, from the archive and from a folder', async (split, part, label) => {
  for (const source of [zip, folder]) {
    const dataset = await loadEmnist(source, { split, part });
    expect(dataset).toMatchObject({ name: `emnist-${split}-${part}`, length: 1, height: 3, width: 2 });
    expect(only(dataset)).toEqual({ label, pixels: UPRIGHT });
  }
});

test('leaves files alone that are said to be upright', async () => {
  const dataset = await loadEmnist(folder, { split: 'byclass', part: 'test', transposed: false });
  expect(dataset).toMatchObject({ height: 2, width: 3 });
  expect(only(dataset).pixels).toEqual([...TRANSPOSED]);
});

test('the classes are those of the mapping files that NIST publishes', () => {
  const codes = Object.entries(EMNIST_SPLITS).map(([split, { classes, firstLabel }]) => [
    split,
    classes.length,
    firstLabel,
    `${classes[0]}${classes.at(-1)}`,
  ]);
  expect(codes).toEqual([
    ['byclass', 62, 0, '0z'],
    ['bymerge', 47, 0, '0t'],
    ['balanced', 47, 0, '0t'],
    ['letters', 26, 1, 'AZ'],
    ['digits', 10, 0, '09'],
    ['mnist', 10, 0, '09'],
  ]);
  // emnist-balanced-mapping.txt ends: 36 97, 37 98, 38 100, 39 101, 40 102, 41 103, 42 104, 43 110, 44 113, 45 114, 46 116.
  const small = EMNIST_SPLITS.balanced.classes.slice(36).map((label) => label.charCodeAt(0));
  expect(small).toEqual([97, 98, 100, 101, 102, 103, 104, 110, 113, 114, 116]);
});

test('says what is wrong with a source', async () => {
  const options = { split: 'byclass', part: 'train' } as const;
  await expect(loadEmnist(join(root, 'none.zip'), options)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });

  const broken = join(root, 'broken.zip');
  await writeFile(broken, 'this is not an archive');
  await expect(loadEmnist(broken, options)).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringContaining('broken.zip as a zip archive'),
  });

  const other = join(root, 'other.zip');
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from('x'), 'gzip/emnist-byclass-train-images-idx3-ubyte.gz');
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(other));
  await expect(loadEmnist(other, options)).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringContaining('gzip stream is broken'),
  });
  await expect(loadEmnist(other, { ...options, part: 'test' })).rejects.toThrow(
    'There is no emnist-byclass-test-images-idx3-ubyte.gz in',
  );
});

test('balancing keeps at most the mean count of a class, without repeats', () => {
  // 10, 4 and 1 items; class d has none: the mean of the three is 5.
  const labels = Uint8Array.from({ length: 15 }, (_, item) => (item < 10 ? 0 : item < 14 ? 1 : 2));
  const images = Uint8Array.from(labels, (_, item) => item);
  const dataset = memoryDataset({ name: 'x', classes: ['a', 'b', 'c', 'd'], height: 1, width: 1, images, labels });
  const balanced = sampleToBalance(dataset);
  expect([...balanced.labels]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 2]);
  const pixels = new Uint8Array(10);
  balanced.read([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], pixels);
  expect(new Set(pixels).size).toBe(10);
  expect([...pixels.subarray(5)]).toEqual([10, 11, 12, 13, 14]);
  expect(sampleToBalance(dataset).source).toEqual(balanced.source);
  expect(sampleToBalance(dataset, { seed: 43 }).source).not.toEqual(balanced.source);
  expect([...sampleToBalance(dataset, { perClass: 1 }).labels]).toEqual([0, 1, 2]);
  expect(() => sampleToBalance(dataset, { perClass: 0 })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  );
});

test('a mutated archive is read or refused with a typed error', async () => {
  const small = join(root, 'small.zip');
  const archive = new ZipFile();
  archive.addBuffer(encodeIdxGzip([1, 2, 3], TRANSPOSED), 'gzip/emnist-byclass-test-images-idx3-ubyte.gz');
  archive.addBuffer(encodeIdxGzip([1], Uint8Array.of(21)), 'gzip/emnist-byclass-test-labels-idx1-ubyte.gz');
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(small));
  const bytes = await readFile(small);
  const mutant = join(root, 'mutant.zip');
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), async (at, byte, cut) => {
      await writeFile(
        mutant,
        Uint8Array.from(bytes)
          .with(at, byte)
          .subarray(0, cut % 3 === 0 ? cut : undefined),
      );
      const outcome = await loadEmnist(mutant, { split: 'byclass', part: 'test' }).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TextRecognizerError);
      else expect(outcome).toMatchObject({ length: 1 });
    }),
    { numRuns: 200 },
  );
});
