import { expect, test } from 'vitest';
import { CoverageCanvas } from './coverage-canvas.ts';

/** Fills the polygon x, y, x, y, … and gives the rows. */
function fill(width: number, height: number, ...polygons: number[][]) {
  const canvas = new CoverageCanvas(width, height);
  for (const polygon of polygons) {
    for (let i = 0; i < polygon.length; i += 2) {
      const next = (i + 2) % polygon.length;
      canvas.edge(polygon[i], polygon[i + 1], polygon[next], polygon[next + 1]);
    }
  }
  const { data } = canvas.toImage();
  return Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)]);
}

const box = (left: number, top: number, right: number, bottom: number) => [
  left,
  top,
  right,
  top,
  right,
  bottom,
  left,
  bottom,
];

test('covers pixels by their share of a box', () => {
  expect(fill(4, 3, box(0.5, 0.5, 3, 2))).toEqual([
    [64, 128, 128, 0],
    [128, 255, 255, 0],
    [0, 0, 0, 0],
  ]);
});

test('covers pixels by their share of a slope', () => {
  // The triangle (0,0) (4,0) (0,2): its slant edge falls by ½ per column. Areas by hand: ¾, ¼ … of 2 pixels high columns.
  expect(fill(4, 2, [0, 0, 4, 0, 0, 2])).toEqual([
    [255, 255, 191, 64],
    [191, 64, 0, 0],
  ]);
});

test('leaves holes that run the other way, and fills overlaps once', () => {
  expect(
    fill(
      5,
      1,
      box(0, 0, 5, 1),
      box(1, 0, 3, 1)
        .reverse()
        .flatMap((_, i, all) => (i % 2 ? [] : [all[i + 1], all[i]])),
    ),
  ).toEqual([[255, 0, 0, 255, 255]]);
  expect(fill(3, 1, box(0, 0, 2, 1), box(1, 0, 3, 1))).toEqual([[255, 255, 255]]);
});

test('cuts what lies outside', () => {
  expect(fill(3, 2, box(-5, -5, 1.5, 9))).toEqual([
    [255, 128, 0],
    [255, 128, 0],
  ]);
  expect(fill(2, 1, box(4, 0, 9, 1))).toEqual([[0, 0]]);
  expect(fill(2, 1, box(0, 3, 2, 9))).toEqual([[0, 0]]);
});
