import { expect, test } from 'vitest';
import { findingRates, matchLines } from './match-lines.ts';
import { polygonOverlap } from '../../images/polygon-overlap.ts';

const box = (left: number, top: number, right: number, bottom: number) =>
  [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;

test('areas of boxes, triangles and of what is apart', () => {
  // 10 × 10 each, sharing 5 × 10: 50 / 150.
  expect(polygonOverlap(box(0, 0, 10, 10), box(5, 0, 15, 10))).toEqual({ overUnion: 1 / 3, ofFirst: 0.5 });
  const triangle = [
    [0, 0],
    [10, 10],
    [0, 10],
  ] as const;
  expect(polygonOverlap(triangle, box(0, 0, 10, 10)).overUnion).toBeCloseTo(0.5, 6);
  expect(polygonOverlap(box(0, 0, 10, 10), box(20, 0, 30, 10))).toEqual({ overUnion: 0, ofFirst: 0 });
});

test('each line is matched once, the best first', () => {
  const wanted = [box(0, 0, 100, 10), box(0, 20, 100, 30)];
  const found = [box(0, 0, 60, 10), box(0, 0, 90, 10), box(0, 21, 100, 31)];
  const { pairs, ...counts } = matchLines(found, wanted);
  expect(pairs.map(({ found, wanted }) => [found, wanted])).toEqual([
    [1, 0],
    [2, 1],
  ]);
  expect(counts).toEqual({ found: 3, wanted: 2, ignored: [] });
});

test('an overlap under a half is a miss and a false find', () => {
  // 49 of 100 pixels, nothing beside them.
  expect(matchLines([box(0, 0, 49, 10)], [box(0, 0, 100, 10)])).toEqual({
    pairs: [],
    found: 1,
    wanted: 1,
    ignored: [],
  });
});

test('finds in what is neither right nor wrong do not count, unless they match', () => {
  const matches = matchLines([box(0, 0, 100, 10), box(0, 50, 100, 60)], [box(0, 0, 100, 10)], [box(0, 0, 200, 100)]);
  expect([matches.pairs.length, matches.found, matches.wanted, matches.ignored]).toEqual([1, 1, 1, [1]]);
});

test('rates over pages together', () => {
  const pair = { found: 0, wanted: 0, overlap: 1 };
  const pages = [
    { pairs: [pair, pair], found: 3, wanted: 2 },
    { pairs: [pair], found: 1, wanted: 4 },
  ];
  expect(findingRates(pages)).toEqual({ precision: 3 / 4, recall: 1 / 2, f1: 0.6 });
});
