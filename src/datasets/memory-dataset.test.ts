import { expect, test } from 'vitest';
import { concat } from './concat.ts';
import type { Dataset } from './dataset.ts';
import { memoryDataset } from './memory-dataset.ts';
import { openDatasetSource } from './sources/open-dataset-source.ts';
import { relabel } from './relabel.ts';
import { splitDataset } from './split.ts';
import { subset } from './subset.ts';

/** Four 1×2 images of three classes. */
const four = memoryDataset({
  name: 'four',
  classes: ['a', 'b', 'c'],
  height: 1,
  width: 2,
  images: Uint8Array.of(10, 11, 20, 21, 30, 31, 40, 41),
  labels: Uint8Array.of(0, 1, 2, 1),
});

function readAll(dataset: Dataset): number[] {
  const images = new Uint8Array(dataset.length * dataset.height * dataset.width);
  dataset.read(
    Array.from({ length: dataset.length }, (_, item) => item),
    images,
  );
  return [...images];
}

test('reads images in any order, with repeats', () => {
  const images = new Uint8Array(6);
  four.read([3, 0, 3], images);
  expect([...images]).toEqual([40, 41, 10, 11, 40, 41]);
});

test('refuses items that are not there and targets that are too small', () => {
  expect(() => four.read([4], new Uint8Array(2))).toThrow('There is no item 4 in four: its items are 0 to 3.');
  expect(() => four.read([0.5], new Uint8Array(2))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(() => four.read([0, 1], new Uint8Array(3))).toThrow('needs 4 bytes; the target has 3');
});

test('refuses parts that disagree', () => {
  const parts = { name: 'x', classes: ['a'], height: 1, width: 2, images: new Uint8Array(4), labels: Uint8Array.of(0) };
  expect(() => memoryDataset(parts)).toThrow('1 labels need 1 images of 1×2 = 2 bytes; there are 4');
  expect(() => memoryDataset({ ...parts, labels: Uint8Array.of(0, 1) })).toThrow('item 1 has label 1');
  expect(() => memoryDataset({ ...parts, classes: ['a', 'a'] })).toThrow('the class "a" is named twice');
  expect(() => memoryDataset({ ...parts, width: 0 })).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
});

test('a subset keeps the order it was asked for', () => {
  const chosen = subset(four, [3, 2, 2]);
  expect([...chosen.labels]).toEqual([1, 2, 2]);
  expect(readAll(chosen)).toEqual([40, 41, 30, 31, 30, 31]);
  expect(() => subset(four, [4])).toThrow('There is no item 4 in four');
});

test('concat puts one dataset after the other, empty ones too', () => {
  const both = concat([subset(four, []), subset(four, [2]), four]);
  expect([...both.labels]).toEqual([2, 0, 1, 2, 1]);
  expect(readAll(both)).toEqual([30, 31, 10, 11, 20, 21, 30, 31, 40, 41]);
});

test('concat refuses datasets that do not fit together', () => {
  const parts = { classes: ['a', 'b', 'c'], height: 2, width: 1, images: new Uint8Array(2), labels: Uint8Array.of(0) };
  expect(() => concat([four, memoryDataset({ name: 'tall', ...parts })])).toThrow('resize one of them');
  const other = memoryDataset({ ...parts, name: 'other', classes: ['a'], height: 1, width: 2 });
  expect(() => concat([four, other])).toThrow('relabel one of them');
  expect(() => concat([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

test('relabel merges classes and refuses tables that lead nowhere', () => {
  const merged = relabel(four, ['vowel', 'consonant'], [0, 1, 1]);
  expect([...merged.labels]).toEqual([0, 1, 1, 1]);
  expect(readAll(merged)).toEqual(readAll(four));
  expect(() => relabel(four, ['a'], [0, 0])).toThrow('needs a table of 3 labels');
  expect(() => relabel(four, ['a'], [0, 0, 256])).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
});

test('every kind of source opens again after a structured clone', async () => {
  const dataset = relabel(concat([subset(four, [1, 3]), four]), ['x', 'y'], [0, 1, 0]);
  const again = await openDatasetSource(structuredClone(dataset.source));
  expect(readAll(again)).toEqual(readAll(dataset));
  expect([...again.labels]).toEqual([1, 1, 0, 1, 0, 1]);
  expect(again.classes).toEqual(['x', 'y']);
  expect(again.name).toBe('four+four');
});

test('a split is stratified, disjoint, complete and the same for the same seed', () => {
  // 40 items of class 0, 20 of class 1, 2 of class 2, 1 of class 3; the pixel is the item's number.
  const labels = Uint8Array.from({ length: 63 }, (_, item) => (item < 40 ? 0 : item < 60 ? 1 : item < 62 ? 2 : 3));
  const images = Uint8Array.from(labels, (_, item) => item);
  const dataset = memoryDataset({ name: 'd', classes: ['0', '1', '2', '3'], height: 1, width: 1, images, labels });
  const { train, validation } = splitDataset(dataset, 0.1, 7);

  const counts = [0, 0, 0, 0];
  for (const label of validation.labels) counts[label]++;
  expect(counts).toEqual([4, 2, 1, 0]);
  expect([...readAll(train), ...readAll(validation)].sort((a, b) => a - b)).toEqual([...images]);
  expect(readAll(splitDataset(dataset, 0.1, 7).validation)).toEqual(readAll(validation));
  expect(readAll(splitDataset(dataset, 0.1, 8).validation)).not.toEqual(readAll(validation));
  expect(() => splitDataset(dataset, 1, 7)).toThrow('between 0 and 1, got 1');
});
