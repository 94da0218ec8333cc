import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTicks } from './axis-ticks.ts';

test('marks round numbers that enclose the range', () => {
  // Heckbert's own example: 105 to 543 in five marks.
  expect(axisTicks(105, 543, 5).ticks).toEqual([100, 200, 300, 400, 500, 600]);
  expect(axisTicks(0.31, 1.94, 5).ticks).toEqual([0, 0.5, 1, 1.5, 2]);
  expect(axisTicks(0.51, 0.89, 5).ticks).toEqual([0.5, 0.6, 0.7, 0.8, 0.9]);
  expect(axisTicks(0, 0.3, 5).ticks).toEqual([0, 0.1, 0.2, 0.3]);
  expect(axisTicks(-3, 4, 5).ticks).toEqual([-4, -2, 0, 2, 4]);
});

test('marks whole numbers alone where asked', () => {
  expect(axisTicks(1, 3, 8, true).ticks).toEqual([1, 2, 3]);
  expect(axisTicks(1, 60, 8, true).ticks).toEqual([0, 10, 20, 30, 40, 50, 60]);
});

test('gives a single value room', () => {
  expect(axisTicks(0, 0, 5)).toEqual({ low: 0, high: 0.2, ticks: [0, 0.2] });
  expect(axisTicks(0, 5e-324, 5).ticks).toEqual([0, 1e-300]);
  expect(axisTicks(1, 1 + 2 ** -52, 5).ticks.length).toBeLessThan(4);
  expect(axisTicks(7, 7, 5).low).toBeLessThanOrEqual(7);
  expect(axisTicks(7, 7, 5).high).toBeGreaterThan(7);
});

test('encloses any range with few ascending marks', () => {
  const value = fc.double({ min: -1e300, max: 1e300, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const axis = axisTicks(low, high, 5);
      const tolerance = 1e-300 + 1e-8 * Math.max(Math.abs(low), Math.abs(high));
      expect(axis.low).toBeLessThanOrEqual(low + tolerance);
      expect(axis.high).toBeGreaterThanOrEqual(high - tolerance);
      expect(axis.ticks.length).toBeLessThanOrEqual(8);
      for (let i = 1; i < axis.ticks.length; i++) expect(axis.ticks[i]).toBeGreaterThan(axis.ticks[i - 1]);
    }),
  );
});
