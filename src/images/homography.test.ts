import { expect, test } from 'vitest';
import { applyHomography, homographyOnto, type Quadrilateral, warpPerspective } from './homography.ts';

// By hand: the trapezium whose upper side is half as long as its lower one.
const trapezium: Quadrilateral = [
  [25, 0],
  [75, 0],
  [100, 50],
  [0, 50],
];

test('corners lead to corners, and the middle to where the diagonals cross', () => {
  const map = homographyOnto(trapezium, 10, 20);
  const places = [
    [0, 0],
    [10, 0],
    [10, 20],
    [0, 20],
  ].map(([x, y]) => applyHomography(map, [x, y]).map((value) => Math.round(1e6 * value) / 1e6));
  expect(places).toEqual(trapezium);
  // The diagonals from (25, 0) to (100, 50) and from (75, 0) to (0, 50) cross at x = 50, y = 50 / 3.
  const [x, y] = applyHomography(map, [5, 10]);
  expect(x).toBeCloseTo(50, 9);
  expect(y).toBeCloseTo(50 / 3, 9);
});

test('a picture is taken from where the map leads', () => {
  const image = { width: 4, height: 2, data: Uint8Array.from([0, 10, 20, 30, 100, 110, 120, 130]) };
  const right: Quadrilateral = [
    [2, 0],
    [4, 0],
    [4, 2],
    [2, 2],
  ];
  expect([...warpPerspective(image, homographyOnto(right, 2, 2), 2, 2).data]).toEqual([20, 30, 120, 130]);
});
