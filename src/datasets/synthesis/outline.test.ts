import { expect, test } from 'vitest';
import { CoverageCanvas } from './coverage-canvas.ts';
import { fillOutline, measureOutline, outlineOf, type PathCommand } from './outline.ts';

const step = (command: PathCommand['command'], ...args: number[]): PathCommand => ({ command, args });
const box = (left: number, bottom: number, right: number, top: number, reverse = false) => {
  const corners = [[left, bottom], [left, top], [right, top], [right, bottom]]; // prettier-ignore
  if (reverse) corners.reverse();
  return [...corners.map(([x, y], i) => step(i ? 'lineTo' : 'moveTo', x, y)), step('closePath')];
};

/** Ink in pixels of an outline whose em is 10 pixels, on 20 × 20 pixels with 5 around the em. */
function ink(commands: PathCommand[], bolder = 0) {
  const canvas = new CoverageCanvas(20, 20);
  fillOutline(canvas, outlineOf(commands, 0.001), [10, 0, 0, -10, 5, 15], bolder);
  return canvas.toImage().data.reduce((sum, value) => sum + value, 0) / 255;
}

test('fills a box and leaves its hole', () => {
  expect(ink(box(0, 0, 1000, 1000))).toBeCloseTo(100, 5);
  expect(ink([...box(0, 0, 1000, 1000), ...box(300, 300, 700, 700, true)])).toBeCloseTo(84, 5);
});

test('edges move outward by what is asked for, of holes too, whichever way the contours run', () => {
  for (const reverse of [false, true]) {
    // 10 pixels wide and 0.05 ems = 0.5 pixels on every side: 11² = 121, and 9² = 81.
    expect(ink(box(0, 0, 1000, 1000, reverse), 0.05)).toBeCloseTo(121, 0);
    expect(ink(box(0, 0, 1000, 1000, reverse), -0.05)).toBeCloseTo(81, 0);
    const ring = [...box(0, 0, 1000, 1000, reverse), ...box(300, 300, 700, 700, !reverse)];
    expect(ink(ring, 0.05)).toBeCloseTo(121 - 9, 0);
  }
});

test('curves are as large as they should be', () => {
  // Half a parabola's segment: chord 1 em, control point 0.5 ems above its middle: area ⅔ · 1 · 0.25 = 1/6 em².
  const bow = [step('moveTo', 0, 0), step('quadraticCurveTo', 500, 500, 1000, 0), step('closePath')];
  expect(ink(bow)).toBeCloseTo(100 / 6, 0);
  // A quarter of a circle of 1 em with Bézier arms of 0.5523: π/4 em².
  const quarter = [
    step('moveTo', 0, 0),
    step('lineTo', 1000, 0),
    step('bezierCurveTo', 1000, 552.3, 552.3, 1000, 0, 1000),
  ];
  expect(Math.abs(ink(quarter) - 25 * Math.PI)).toBeLessThan(1);
});

test('measures strokes: a bar of 0.1 ems is as wide as that but for its ends', () => {
  const { area, length } = measureOutline(outlineOf(box(0, 0, 1000, 100), 0.001));
  expect([area, length]).toEqual([expect.closeTo(0.1, 6), expect.closeTo(2.2, 6)]);
});

test('contours of repeated or too few points draw nothing', () => {
  const dot = [step('moveTo', 5, 5), step('lineTo', 5, 5), step('lineTo', 500, 5), step('closePath')];
  expect(outlineOf(dot, 1).ends).toHaveLength(0);
  const repeated = outlineOf([...box(0, 0, 9, 9).slice(0, 2), ...box(0, 0, 9, 9).slice(1)], 1);
  expect([...repeated.corners]).toEqual([0, 0, 0, 9, 9, 9, 9, 0]);
});
