import { expect, test } from 'vitest';
import { shapeLine } from './shape-line.ts';
import { type PageMaps, traceLines } from './trace-lines.ts';

interface Band {
  readonly left: number;
  readonly right: number;
  /** The baseline, between cells, at each column. */
  readonly base: (x: number) => number;
}

/** Maps on which every line reaches 8 cells above its baseline and 3 below, so its core is 4 cells thick. */
function mapsOf(width: number, height: number, bands: readonly Band[]): PageMaps {
  const core = new Float32Array(width * height);
  for (const { left, right, base } of bands) {
    for (let x = left; x < right; x++) {
      for (let y = 0; y < height; y++) if (y + 0.5 < base(x) && y + 0.5 > base(x) - 4) core[y * width + x] = 1;
    }
  }
  return {
    width,
    height,
    core,
    writing: core,
    up: core.map((value) => 8 * value),
    down: core.map((value) => 3 * value),
  };
}

const level = (left: number, right: number, y: number): Band => ({ left, right, base: () => y });
const extents = (maps: PageMaps) =>
  traceLines(maps)
    .map((trace) => [trace[0].x, trace[trace.length - 1].x + 1])
    .toSorted(([a], [b]) => a - b);
const cells = { scaleX: 4, scaleY: 4, width: 400, height: 240 };

test('one line: its baseline, its reach and its polygon in pixels of the picture', () => {
  const [trace] = traceLines(mapsOf(100, 60, [level(10, 90, 30)]));
  const line = shapeLine(trace, cells);
  // The rim lies where the probability falls through a half, between the middles of rows 29 and 30.
  expect(line.baseline.map(([x]) => x)).toEqual([40, 360]);
  for (const [, y] of line.baseline) expect(y).toBeCloseTo(120, 4);
  expect([line.up, line.down, line.confidence, line.cut]).toEqual([32, 12, 1, false]);
  expect(line.polygon[0][1]).toBeCloseTo(120 - 32, 4);
  expect(line.polygon[2][1]).toBeCloseTo(120 + 12, 4);
});

test('lines that touch for some columns, or nearly always, stay two', () => {
  const crossing = [
    level(0, 100, 20),
    { left: 0, right: 100, base: (x: number) => Math.min(30, 24 + Math.abs(x - 45)) },
  ];
  expect(extents(mapsOf(100, 60, crossing))).toEqual([
    [0, 100],
    [0, 100],
  ]);
  const always = traceLines(mapsOf(100, 60, [level(0, 100, 20), level(0, 100, 24)]));
  expect(
    always
      .map((trace) => trace[50].bottom)
      .toSorted((a, b) => a - b)
      .map(Math.round),
  ).toEqual([20, 24]);
});

test('a gap within a line is closed, one as wide as several letters is not', () => {
  expect(extents(mapsOf(100, 60, [level(5, 40, 30), level(43, 90, 30)]))).toEqual([[5, 90]]);
  expect(extents(mapsOf(100, 60, [level(5, 40, 30), level(60, 90, 30)]))).toEqual([
    [5, 40],
    [60, 90],
  ]);
  expect(extents(mapsOf(100, 60, [level(5, 40, 30), level(43, 90, 36)]))).toHaveLength(2);
});

test('specks are no lines, and without writing there is none', () => {
  expect(traceLines(mapsOf(100, 60, [level(50, 52, 30)]))).toEqual([]);
  expect(traceLines(mapsOf(100, 60, []))).toEqual([]);
});

test('what the rim cuts is marked', () => {
  const shape = (y: number) => shapeLine(traceLines(mapsOf(100, 60, [level(5, 90, y)]))[0], cells);
  expect([shape(4).cut, shape(9).cut, shape(55).cut]).toEqual([true, false, false]);
});

test('a sloping line goes on straight to its ends', () => {
  const base = (x: number) => 20 + x / 4;
  const { baseline } = shapeLine(traceLines(mapsOf(100, 60, [{ left: 10, right: 90, base }]))[0], cells);
  for (const [x, y] of baseline) expect(Math.abs(y - 4 * base(x / 4))).toBeLessThan(4);
});
