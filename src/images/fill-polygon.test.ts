import { expect, test } from 'vitest';
import type { Point } from './affine.ts';
import { forEachSpan, spansAt } from './fill-polygon.ts';

const spans = (polygon: readonly Point[]) => {
  const found: number[][] = [];
  forEachSpan(polygon, { left: 0, top: 0, right: 10, bottom: 6 }, (y, from, to) => found.push([y, from, to]));
  return found;
};

test('rows of a box, cut at the rim', () => {
  const box = [
    [-3, 2],
    [4, 2],
    [4, 9],
    [-3, 9],
  ] as const;
  expect(spans(box)).toEqual([
    [2, 0, 4],
    [3, 0, 4],
    [4, 0, 4],
    [5, 0, 4],
  ]);
});

test('a shape with a gap has two spans in a row', () => {
  const bracket = [
    [0, 0],
    [2, 0],
    [2, 3],
    [6, 3],
    [6, 0],
    [8, 0],
    [8, 5],
    [0, 5],
  ] as const;
  expect(spansAt(bracket, 1.5)).toEqual([
    [0, 2],
    [6, 8],
  ]);
  expect(spansAt(bracket, 4)).toEqual([[0, 8]]);
  expect(spansAt(bracket, 7)).toEqual([]);
});
