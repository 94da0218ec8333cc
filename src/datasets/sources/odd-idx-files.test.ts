import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../dataset.ts';
import { EMNIST_CLASSES, EMNIST_SPLITS } from './emnist-classes.ts';
import { encodeIdx } from './idx.ts';
import { parseIdxReading, withIdxReading } from './idx-reading.ts';
import { memoryDataset } from '../memory-dataset.ts';
import { openDataset } from '../registry.ts';
import { withClasses } from '../with-classes.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'odd-idx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const notices: string[] = [];

/** Opens 3×3 images with a dot of `ink` on `paper`, one for each label. */
async function open(name: string, labels: number[], { ink = 255, paper = 0, mark = '-' } = {}): Promise<Dataset> {
  const prefix = join(folder, name);
  const images = labels.flatMap(() => [paper, paper, paper, paper, ink, paper, paper, paper, paper]);
  await writeFile(`${prefix}-images${mark}idx3-ubyte`, encodeIdx([labels.length, 3, 3], Uint8Array.from(images)));
  await writeFile(`${prefix}-labels${mark}idx1-ubyte`, encodeIdx([labels.length], Uint8Array.from(labels)));
  return await opened(prefix);
}

async function opened(path: string): Promise<Dataset> {
  notices.length = 0;
  return await openDataset(path, { root: folder, onNotice: (notice) => notices.push(notice) });
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
const names = ({ labels, classes }: Dataset) => Array.from(labels, (label) => classes[label]).join('');
const firstImage = (dataset: Dataset) => {
  const image = new Uint8Array(9);
  dataset.read([0], image);
  return [...image];
};
const dot = [0, 0, 0, 0, 255, 0, 0, 0, 0];

test('names with a dot before idx', async () => {
  expect(names(await open('t10k', [7, 2, 1], { mark: '.' }))).toBe('721');
});

test('an empty set is reported', async () => {
  await expect(open('empty', [])).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: 'empty holds no images: fetch or make it again.',
  });
});

test('labels 1 to 26 are letters under any name, labels 0 to 25 where the name says so', async () => {
  expect(names(await open('mine', range(1, 26)))).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  expect(notices).toEqual([
    expect.stringMatching(/^mine: its labels 1 to 26 are read as the letters A to Z; labels=byclass/),
  ]);
  expect(names(await open('A_Z Handwritten', range(0, 26)))).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  expect(names(await open('some', range(0, 26)))).toBe('0123456789ABCDEFGHIJKLMNOP');
  expect(names(await open('few', [1, 17]))).toBe('AQ');
  expect(names(await open('few-byclass', [1, 17]))).toBe('1H');
  expect(names(await open('digits', [1, 9]))).toBe('19');
  expect(names(await open('all', [1, 17, 61]))).toBe('1Hz');
});

test('inverted images and those of 0 and 1 are put right, with a notice', async () => {
  expect(firstImage(await open('right', [1]))).toEqual(dot);
  expect(notices).toEqual([]);
  expect(firstImage(await open('inverted', [1], { ink: 0, paper: 255 }))).toEqual(dot);
  expect(notices).toEqual([expect.stringContaining('inverted: its images, dark on white, were inverted.')]);
  expect(firstImage(await open('binary', [1], { ink: 1 }))).toEqual(dot);
  expect(notices).toEqual([expect.stringContaining('its pixels of 0 and 1 were read as 0 and 255')]);
  expect(firstImage(await open('both', [1], { ink: 0, paper: 1 }))).toEqual(dot);
});

test('images with rows and columns exchanged are turned upright, with a notice', async () => {
  const lying = '1,0,0,0,255,255,255,0,0,0\n'.repeat(20);
  await writeFile(join(folder, 'lying.csv'), lying);
  expect(firstImage(await opened(join(folder, 'lying.csv')))).toEqual([0, 255, 0, 0, 255, 0, 0, 255, 0]);
  expect(notices).toEqual([
    'lying.csv: its images, with rows and columns exchanged, were turned upright; transposed=no leaves them.',
  ]);
});

test('labels and transposed after a prefix override what is guessed', async () => {
  await open('guessed', [1, 17]);
  const prefix = join(folder, 'guessed');
  expect(names(await opened(`${prefix},labels=byclass`))).toBe('1H');
  expect(notices).toEqual([]);
  expect(names(await opened(`${prefix},labels=letters-from-0,transposed=no`))).toBe('BR');
  // Labels 1 and 26 of Balanced: ten digits, then the capitals.
  await open('emnist-letters-test', [1, 26]);
  expect(names(await opened(join(folder, 'emnist-letters-test,labels=balanced')))).toBe('1Q');
  await expect(opened(`${prefix},labels=digits`)).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: 'guessed: item 1 has label 17, but labels run from 0 to 9.',
  });
  await expect(opened(`${prefix},labels=letter`)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/^There is no labels=letter; there is byclass, bymerge, balanced, letters, /),
  });
  await expect(opened('emnist-sample-test,labels=letters')).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });

  const lying = [0, 0, 0, 255, 255, 255, 0, 0, 0];
  await writeFile(join(folder, 'kept.csv'), `1,${lying}\n`.repeat(20));
  expect(firstImage(await opened(join(folder, 'kept.csv,transposed=no')))).toEqual(lying);
  expect(notices).toEqual([]);
  await writeFile(join(folder, 'one.csv'), `1,${lying}\n`);
  expect(firstImage(await opened(join(folder, 'one.csv')))).toEqual(lying);
  expect(firstImage(await opened(join(folder, 'one.csv,transposed=yes')))).toEqual([0, 255, 0, 0, 255, 0, 0, 255, 0]);
});

test('flags reach the idx and CSV files among several data sets', async () => {
  await open('flagged', [1]);
  const prefix = join(folder, 'flagged');
  expect(withIdxReading(['emnist-sample-test', prefix, 'a.csv'], { labels: 'letters', transposed: false })).toEqual([
    'emnist-sample-test',
    `${prefix},labels=letters,transposed=no`,
    'a.csv,labels=letters,transposed=no',
  ]);
  const [twice] = withIdxReading([`${prefix},labels=digits`], { labels: 'byclass' });
  expect(parseIdxReading(twice)).toEqual({ prefix, reading: { labels: 'byclass' } });
  expect(withIdxReading(['emnist-sample-test'], {})).toEqual(['emnist-sample-test']);
  expect(() => withIdxReading(['emnist-sample-test'], { transposed: true })).toThrow(/only; given emnist-sample-test/);
});

test('a few upright characters of all classes stay, and lying ones are turned', async () => {
  const sample = await openDataset('emnist-sample-test', { root: folder });
  // One image of each class: 3 strokes are too few to tell by them.
  const items = sample.classes.map((_, label) => sample.labels.indexOf(label));
  const upright = new Uint8Array(items.length * 784);
  sample.read(items, upright);
  const lying = upright.map((_, at) => upright[at - (at % 784) + (at % 28) * 28 + Math.floor((at % 784) / 28)]);
  for (const [name, images] of Object.entries({ upright, turned: lying })) {
    const prefix = join(folder, name);
    await writeFile(`${prefix}-images-idx3-ubyte`, encodeIdx([items.length, 28, 28], images));
    await writeFile(`${prefix}-labels-idx1-ubyte`, encodeIdx([items.length], Uint8Array.from(items.keys())));
    const read = new Uint8Array(upright.length);
    (await opened(prefix)).read([...items.keys()], read);
    expect(Buffer.compare(read, upright), name).toBe(0);
  }
});

test('CSV as Kaggle has it, with or without names', async () => {
  const path = join(folder, 'train.csv');
  const rows = '7,0,0,0,0,255,0,0,0,0\r\n2,0,0,0,0,9,0,0,0,0\r\n';
  for (const head of [
    '',
    `\ufefflabel,${range(0, 9)
      .map((i) => `pixel${i}`)
      .join(',')}\r\n`,
  ]) {
    await writeFile(path, head + rows);
    const dataset = await opened(path);
    expect([names(dataset), firstImage(dataset), dataset.height]).toEqual(['72', dot, 3]);
  }
});

test.each([
  ['1,2,3\n', /Row 1 of .* has 3 values/],
  ['1,2\n1,2,3,4,5\n', /Row 2 of .* has 5 values, the first 2/],
  ['1,256\n', /Row 1 of .* has "256" as value 2/],
  ['1,\n', /Row 1 of .* has "" as value 2/],
  ['label,pixel0\n', /holds no images/],
])('what is wrong with a CSV: %j', async (text, message) => {
  await writeFile(join(folder, 'wrong.csv'), text);
  await expect(opened(join(folder, 'wrong.csv'))).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(message),
  });
});

test('a CSV that is not there', async () => {
  await expect(opened(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('labels are matched with the classes of a model by name', () => {
  const parts = { name: 'letters', height: 1, width: 1, images: new Uint8Array(3), labels: Uint8Array.of(0, 1, 25) };
  const letters = memoryDataset({ ...parts, classes: EMNIST_SPLITS.letters.classes });
  expect(names(withClasses(letters, EMNIST_CLASSES))).toBe('ABZ');
  expect([...withClasses(letters, EMNIST_CLASSES).labels]).toEqual([10, 11, 35]);
  expect(() => withClasses(letters, EMNIST_SPLITS.digits.classes)).toThrow(/does not know: A B C/);
});
