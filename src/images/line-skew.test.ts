import { expect, test } from 'vitest';
import { lineSkew } from './line-skew.ts';
import { draw } from './testing/draw.ts';

/** Words as bars of x-height with ascenders, written along a line that descends by `degrees`. */
function words(degrees: number, width = 900, height = 160) {
  const slope = Math.tan((degrees * Math.PI) / 180);
  return draw(width, height, (x, y) => {
    const above = y - height / 2 - slope * (x - width / 2);
    const isWord = x > 40 && x < width - 40 && x % 130 < 100 && x % 12 < 5;
    const top = x % 60 < 12 ? -40 : -15;
    return isWord && above > top && above < 15 ? 255 : 0;
  });
}

test.each([-4, -2.3, -0.8, 0.8, 1.7, 3.5])('%d degrees are found to a quarter', (degrees) => {
  expect(Math.abs(lineSkew(words(degrees), 5) - degrees)).toBeLessThan(0.25);
});

test('a level line stays level', () => {
  expect(lineSkew(words(0), 5)).toBe(0);
});

test('no more than the limit is turned', () => {
  expect(Math.abs(lineSkew(words(4), 2))).toBeLessThanOrEqual(2);
});

test('without ink there is no skew', () => {
  expect(
    lineSkew(
      draw(50, 20, () => 0),
      5,
    ),
  ).toBe(0);
});
