import { expect, test } from 'vitest';
import { drawTargets, targetChannels, targetLength } from './page-targets.ts';

const grid = { stride: 4, distance: 32 };
const size = 64;
const line = {
  baseline: [
    [8, 40],
    [56, 40],
  ],
  up: 16,
  down: 4,
} as const;
const ignored = [
  [0, 48],
  [64, 48],
  [64, 64],
  [0, 64],
] as const;

/** Rows of the channel at the column of cells 8. */
function column(target: Float32Array, channel: number, x = 8): number[] {
  return Array.from({ length: 16 }, (_, y) => target[channel * 256 + y * 16 + x]);
}

test('core, writing, reach and what does not count of a level line', () => {
  const target = new Float32Array(targetLength(size, grid));
  drawTargets(target, { size, ...grid }, { lines: [line], ignored: [ignored] }, [1, 0, 0, 0, 1, 0, 0, 0]);
  // The baseline lies at row 10 of cells; the core is half of four rows high, the writing reaches from row 6 to row 11.
  expect(column(target, targetChannels.core)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  expect(column(target, targetChannels.writing)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
  expect(column(target, targetChannels.up)[9]).toBe(0.5);
  expect(column(target, targetChannels.down)[9]).toBe(0.125);
  expect(column(target, targetChannels.weight)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  expect(column(target, targetChannels.core, 1)).toEqual(Array.from({ length: 16 }, () => 0));
});
