import { expect, test } from 'vitest';
import { patternSearch, type Pair } from './pattern-search.ts';

test('goes along a valley that runs diagonally', () => {
  // Along y = 2.5 x the cost falls slowly to its lowest at x = 0.9; any step along one axis alone leaves the valley.
  const cost = ([x, y]: Pair) => Math.abs(y - 2.5 * x) + 0.1 * Math.abs(x - 0.9);
  const found = patternSearch(cost, { starts: [[0.5, 1.25]], steps: [0.2, 0.5], refinements: 3 });
  const [x, y] = found.pair;
  expect(x).toBeCloseTo(0.9, 6);
  expect(y).toBeCloseTo(2.25, 6);
  expect(found.cost).toBeCloseTo(0, 6);
});

test('begins from the best start, halves its steps, and asks for no pair twice', () => {
  const asked: string[] = [];
  const cost = ([x, y]: Pair) => {
    asked.push(`${x} ${y}`);
    return (x - 3.25) ** 2 + (y + 1) ** 2;
  };
  const starts: Pair[] = [
    [-5, -5],
    [2, 0],
    [9, 9],
  ];
  expect(patternSearch(cost, { starts, steps: [1, 1], refinements: 3 })).toEqual({ pair: [3.25, -1], cost: 0 });
  expect(new Set(asked).size).toBe(asked.length);
});
