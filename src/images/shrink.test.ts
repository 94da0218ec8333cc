import { expect, test } from 'vitest';
import { shrinkTo } from './shrink.ts';
import { draw } from './testing/draw.ts';

test('averages down to the longest side, proportions kept', () => {
  const small = shrinkTo(
    draw(8, 4, (x) => (x < 4 ? 10 : 30)),
    4,
  );
  expect(small).toEqual({ width: 4, height: 2, data: Uint8Array.of(10, 10, 30, 30, 10, 10, 30, 30) });
});

test('a side never vanishes', () => {
  expect(
    shrinkTo(
      draw(1000, 1, () => 7),
      10,
    ),
  ).toEqual({ width: 10, height: 1, data: new Uint8Array(10).fill(7) });
});

test('never enlarges', () => {
  const image = draw(5, 3, (x) => x);
  expect(shrinkTo(image, 5)).toBe(image);
});
