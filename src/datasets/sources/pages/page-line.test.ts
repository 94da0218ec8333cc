import { expect, test } from 'vitest';
import { heightAt, pageLine } from './page-line.ts';

const box = [
  [0, 10],
  [100, 10],
  [100, 50],
  [0, 50],
] as const;

test('the reach above and below a level baseline', () => {
  const line = pageLine(box, [
    [2, 40],
    [98, 40],
  ]);
  expect([line?.up, line?.down]).toEqual([30, 10]);
});

test('one letter that reaches higher does not count for all', () => {
  const withAscender = [
    [0, 10],
    [40, 10],
    [42, -30],
    [48, -30],
    [50, 10],
    [100, 10],
    [100, 50],
    [0, 50],
  ] as const;
  expect(
    pageLine(withAscender, [
      [2, 40],
      [98, 40],
    ])?.up,
  ).toBe(30);
});

test('a line that hardly reaches below has a little depth all the same', () => {
  expect(
    pageLine(box, [
      [2, 50],
      [98, 50],
    ])?.down,
  ).toBeCloseTo(6, 10);
});

test('what runs upwards, and what does not fit its polygon, is no line', () => {
  expect(
    pageLine(box, [
      [50, 40],
      [55, 12],
    ]),
  ).toBeUndefined();
  expect(
    pageLine(box, [
      [2, 12],
      [98, 12],
    ]),
  ).toBeUndefined();
  expect(
    pageLine(box, [
      [202, 40],
      [298, 40],
    ]),
  ).toBeUndefined();
});

test('heights along a bent line, level beyond its ends', () => {
  const bent = [
    [0, 0],
    [10, 20],
    [20, 20],
  ] as const;
  expect([-5, 5, 10, 15, 30].map((x) => heightAt(bent, x))).toEqual([0, 10, 20, 20, 20]);
});
