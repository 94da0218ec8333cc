import { expect, test } from 'vitest';
import { invert } from './invert.ts';
import { areStrokesDark } from './stroke-polarity.ts';
import { draw, isOnRing } from './testing/draw.ts';

/** Three letters o of a line, in black. */
const isOnWriting = (x: number, y: number) => [60, 130, 200].some((center) => isOnRing(x, y, center, 40, 18, 4));
const line = (light: (x: number, y: number) => number) =>
  draw(300, 80, (x, y) => (isOnWriting(x, y) ? 0.3 : 1) * light(x, y));

const papers: [string, (x: number, y: number) => number][] = [
  ['even', () => 220],
  ['a dark frame', (x, y) => (Math.min(x, y, 299 - x, 79 - y) < 3 ? 20 : 210)],
  ['a black desk below', (_, y) => (y > 66 ? 5 : 210)],
  ['light that falls off', (x) => 250 - 0.6 * x],
];

test.each(papers)('writing is darker than its paper: %s', (_, light) => {
  expect(areStrokesDark(line(light))).toBe(true);
  expect(areStrokesDark(invert(line(light)))).toBe(false);
});

test.each<[string, (x: number, y: number) => number]>([
  ['over all but a corner', (x, y) => (x + 2 * y < 90 ? 240 : 90)],
  ['over half of it', (x) => (x < 150 ? 230 : 100)],
  ['over one end', (x) => (x < 260 ? 230 : 100)],
])('a hard shadow is no ink: %s', (_, light) => expect(areStrokesDark(line(light))).toBe(true));

test('a picture without strokes counts as paper', () => {
  expect(areStrokesDark(draw(40, 20, () => 0))).toBe(true);
  expect(areStrokesDark(draw(1, 1, () => 255))).toBe(true);
});
