import { expect, test } from 'vitest';
import { cutPolygon } from './cut-polygon.ts';
import { invert } from './invert.ts';
import { draw } from './testing/draw.ts';

/** Paper that darkens to the right, with three bars of ink one below the other. */
const page = draw(200, 120, (x, y) =>
  x >= 20 && x < 180 && [20, 55, 90].some((top) => y >= top && y < top + 10) ? 30 : 240 - x / 4,
);
/** Around the bar in the middle; its upper edge slants from y = 40 to y = 50. */
const polygon = [
  [10, 40],
  [190, 50],
  [190, 80],
  [10, 80],
] as const;

test('what is inside stays as it is, what is outside becomes paper', () => {
  const piece = cutPolygon(page, polygon);
  // 40 rows and a margin of 5 above and below, 180 columns and 5 beside each.
  expect([piece.width, piece.height]).toEqual([190, 50]);
  const at = (x: number, y: number) => piece.data[(y - 35) * 190 + (x - 5)];
  expect(at(100, 60)).toBe(30);
  expect(at(15, 70)).toBe(page.data[70 * 200 + 15]);
  for (let x = 5; x < 195; x++) {
    for (const y of [35, 38, 82, 84]) expect(Math.abs(at(x, y) - (240 - x / 4)), `${x}, ${y}`).toBeLessThan(12);
  }
});

test('light ink on dark paper is cut likewise', () => {
  const piece = cutPolygon(page, polygon);
  const inverted = invert(cutPolygon(invert(page), polygon));
  expect([inverted.width, inverted.height]).toEqual([piece.width, piece.height]);
  const most = inverted.data.reduce((largest, value, i) => Math.max(largest, Math.abs(value - piece.data[i])), 0);
  expect(most).toBeLessThanOrEqual(1);
});

test('a line above that reaches into the box, but not into the polygon, is gone', () => {
  const neighbours = draw(200, 120, (x, y) => (x < 60 && y >= 34 && y < 42 ? 20 : 230));
  const slanted = [
    [10, 60],
    [60, 50],
    [190, 30],
    [190, 80],
    [10, 80],
  ] as const;
  expect(Math.min(...cutPolygon(neighbours, slanted).data)).toBeGreaterThan(200);
});

test('a polygon over the edge of the page is cut at the edge', () => {
  const piece = cutPolygon(page, [
    [-20, 80],
    [400, 80],
    [400, 300],
    [-20, 300],
  ]);
  expect([piece.width, piece.height]).toEqual([200, 68]);
});
