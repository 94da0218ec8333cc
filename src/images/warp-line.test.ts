import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { draw } from './testing/draw.ts';
import { type LineWarp, gridColumns, gridRows, warpLine } from './warp-line.ts';

const still = (width: number): LineWarp => ({
  scale: 1,
  rotation: 0,
  shear: 0,
  place: 0,
  displacement: new Float32Array(2 * gridRows * gridColumns(width)),
});

/** Uprights from y = 4 to 59, 20 pixels apart, inside margins of 4 pixels. */
const fence = draw(300, 64, (x, y) => (x >= 4 && x < 296 && x % 20 < 4 && y >= 4 && y < 60 ? 255 : 0));

/** The mean x of the ink in row y. */
function middle({ width, data }: GrayImage, y: number): number {
  let mass = 0;
  let sum = 0;
  for (let x = 0; x < width; x++) {
    mass += data[y * width + x];
    sum += x * data[y * width + x];
  }
  return sum / mass;
}

function inkRows({ width, height, data }: GrayImage): [number, number] {
  const rows = Array.from({ length: height }, (_, y) => y).filter((y) =>
    data.subarray(y * width, (y + 1) * width).some((value) => value > 127),
  );
  return [rows[0], rows[rows.length - 1]];
}

function rimInk({ width, height, data }: GrayImage): number {
  return data.reduce((most, value, i) => {
    const isRim = i % width === 0 || i % width === width - 1 || i < width || i >= (height - 1) * width;
    return isRim ? Math.max(most, value) : most;
  }, 0);
}

describe('warpLine', () => {
  test('without a change the line stays as it is', () => {
    expect(warpLine(fence, 300, still(300))).toEqual(fence);
  });

  test('the line is stretched to the width', () => {
    const wide = warpLine(fence, 450, still(450));
    expect(wide.width).toBe(450);
    const rises = wide.data
      .subarray(30 * 450, 31 * 450)
      .reduce((count, value, x, row) => count + (value > 127 && row[x - 1] <= 127 ? 1 : 0), 0);
    expect(rises).toBe(14);
  });

  test('a shear of 30 degrees moves the top to the right of the bottom by its tangent, all ink inside', () => {
    const leaning = warpLine(fence, 300, { ...still(300), shear: 30 });
    const shift = middle(leaning, 10) - middle(leaning, 50);
    expect(Math.abs(shift - 40 * Math.tan(Math.PI / 6))).toBeLessThan(2);
    expect(rimInk(leaning)).toBe(0);
  });

  test('half the scale takes half the height, placed where asked', () => {
    expect(inkRows(warpLine(fence, 300, { ...still(300), scale: 0.5 }))).toEqual([18, 45]);
    expect(inkRows(warpLine(fence, 300, { ...still(300), scale: 0.5, place: -1 }))).toEqual([2, 29]);
    expect(inkRows(warpLine(fence, 300, { ...still(300), scale: 0.5, place: 1 }))).toEqual([34, 61]);
  });

  test('a clockwise turn lowers the right end, held back so that it stays inside', () => {
    const small = warpLine(fence, 300, { ...still(300), scale: 0.8, rotation: 1 });
    const rowsOf = (from: number, to: number) => {
      const part = draw(to - from, 64, (x, y) => small.data[y * 300 + from + x]);
      return inkRows(part)[0];
    };
    // tan(1°) × 200 pixels = 3.5.
    expect(Math.abs(rowsOf(240, 260) - rowsOf(40, 60) - 3.5)).toBeLessThanOrEqual(1);
    expect(rimInk(warpLine(fence, 300, { ...still(300), rotation: 20 }))).toBe(0);
  });

  test('a displacement of all nodes shifts the picture against it', () => {
    const displacement = still(300).displacement.map((_, i) => (i % 2 === 0 ? 3 : 0));
    const shifted = warpLine(fence, 300, { ...still(300), displacement });
    expect(middle(fence, 30) - middle(shifted, 30)).toBeCloseTo(3, 0);
  });

  test('any change of any line gives an image of the width', () => {
    const settings = fc.record({
      scale: fc.double({ min: 0.3, max: 1.5, noNaN: true }),
      rotation: fc.double({ min: -10, max: 10, noNaN: true }),
      shear: fc.double({ min: -45, max: 45, noNaN: true }),
      place: fc.double({ min: -1, max: 1, noNaN: true }),
    });
    const side = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(side, side, settings, (from, to, change) => {
        const line = draw(from, 16, (x, y) => x * y);
        const warped = warpLine(line, to, { ...still(to), ...change });
        expect([warped.width, warped.height, warped.data.length]).toEqual([to, 16, to * 16]);
      }),
      { numRuns: 50 },
    );
  });
});
