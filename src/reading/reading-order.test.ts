import { expect, test } from 'vitest';
import { inReadingOrder } from './reading-order.ts';

const line = (text: string, left: number, right: number, y: number, slope = 0) => ({
  text,
  baseline: [
    [left, y],
    [right, y + slope],
  ] as const,
  up: 20,
});
const order = (...lines: ReturnType<typeof line>[]) => inReadingOrder(lines).map(({ text }) => text);

test('from the top down', () => {
  expect(order(line('b', 0, 100, 80), line('a', 0, 100, 40), line('c', 10, 60, 120))).toEqual(['a', 'b', 'c']);
});

test('columns one after the other, under a heading and above a foot that reach over both', () => {
  const lines = [
    line('foot', 0, 210, 200),
    line('right 1', 110, 210, 78),
    line('left 1', 0, 100, 80),
    line('right 2', 110, 210, 120),
    line('left 2', 0, 100, 122),
    line('heading', 0, 210, 40),
  ];
  expect(order(...lines)).toEqual(['heading', 'left 1', 'left 2', 'right 1', 'right 2', 'foot']);
});

test('pieces of one row from left to right, though the right one is a little higher', () => {
  expect(order(line('number', 180, 200, 34), line('title', 0, 150, 40))).toEqual(['title', 'number']);
});

test('sloping lines where they stand above one another, not by their middles', () => {
  // The short line is below the long one at its place, and its middle is higher than the long one's.
  expect(order(line('short', 300, 400, 30), line('long', 0, 400, 100, -100))).toEqual(['long', 'short']);
});

test('every line once, none from none', () => {
  expect(order()).toEqual([]);
  // Three lines that stand in a circle: each has the next on its right.
  expect(order(line('a', 0, 100, 40), line('b', 90, 200, 55), line('c', 40, 120, 70)).toSorted()).toEqual([
    'a',
    'b',
    'c',
  ]);
});
