import { expect, test } from 'vitest';
import { lineBatchesInOrder } from './line-batches-in-order.ts';
import { linesFromImages } from '../lines/memory-lines.ts';

test('every line comes once, at the left of its row, in batches of one shape per width', () => {
  const widths = [40, 5, 100, 33, 300, 64];
  const images = widths.map((width, i) => ({ width, height: 2, data: new Uint8Array(2 * width).fill(10 + i) }));
  const dataset = linesFromImages(
    'lines',
    images,
    widths.map((_, i) => ({ id: `${i}`, text: 'x' })),
  );
  const batches = [...lineBatchesInOrder(dataset, { maxLines: 3, maxColumns: 256, maxWidth: 128 })];
  expect(batches.map(({ width, indices, widths }) => ({ width, indices, widths }))).toEqual([
    { width: 128, indices: [4, 2], widths: [128, 100] },
    { width: 64, indices: [5, 0, 3], widths: [64, 40, 33] },
    { width: 32, indices: [1], widths: [5] },
  ]);
  expect(batches.map(({ images }) => images.length)).toEqual([2 * 2 * 128, 3 * 2 * 64, 3 * 2 * 32]);
  const last = batches[2].images;
  expect([...last.subarray(0, 8)]).toEqual([11, 11, 11, 11, 11, 0, 0, 0]);
  expect([...last.subarray(32, 37)]).toEqual([11, 11, 11, 11, 11]);
  expect(Math.max(...last.subarray(64))).toBe(0);
});
