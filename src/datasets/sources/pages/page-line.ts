import { median } from '../../../images/median.ts';
import type { Point } from '../../../images/affine.ts';

/** Where a line of writing stands on a page, in pixels. */
export interface PageLine {
  readonly baseline: readonly Point[];
  /** How far the line reaches above and below its baseline, at a right angle to it. */
  readonly up: number;
  readonly down: number;
}

/** Fewer pixels than this above the baseline are no line of writing. */
const leastUp = 4;

/**
 * A line's reach above and below its baseline, as the medians over the baseline of the distances to the polygon's rim; undefined where
 * polygon and baseline hardly fit each other, or where the line does not run from left to right.
 */
export function pageLine(polygon: readonly Point[], baseline: readonly Point[]): PageLine | undefined {
  const [first, last] = [baseline[0], baseline[baseline.length - 1]];
  if (last[0] - first[0] < Math.abs(last[1] - first[1])) return undefined;
  const points = baseline.toSorted(([a], [b]) => a - b);
  const distances = samples(points).flatMap(([x, y]) => {
    const crossings = crossingsAt(polygon, x);
    return crossings.length < 2 ? [] : [[y - Math.min(...crossings), Math.max(...crossings) - y] as const];
  });
  if (distances.length === 0) return undefined;
  const [up, down] = [0, 1].map((side) => median(distances.map((pair) => pair[side])));
  return up < leastUp ? undefined : { baseline: points, up, down: Math.max(down, 0.15 * up) };
}

/** Points along a polyline, at most 48 of them, away from its ends. */
function samples(line: readonly Point[]): Point[] {
  const [left, right] = [line[0][0], line[line.length - 1][0]];
  const count = Math.max(1, Math.min(48, Math.floor((right - left) / 4)));
  return Array.from({ length: count }, (_, i): Point => {
    const x = left + ((i + 0.5) * (right - left)) / count;
    return [x, heightAt(line, x)];
  });
}

/** y of a polyline at x. */
export function heightAt(line: readonly Point[], x: number): number {
  const next = line.findIndex(([px]) => px >= x);
  if (next < 0) return line[line.length - 1][1];
  if (next === 0) return line[0][1];
  const [[x0, y0], [x1, y1]] = [line[next - 1], line[next]];
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** Where the vertical line at x crosses the rim of a polygon. */
function crossingsAt(polygon: readonly Point[], x: number): number[] {
  return polygon.flatMap(([x0, y0], i) => {
    const [x1, y1] = polygon[(i + 1) % polygon.length];
    return x0 <= x === x1 <= x ? [] : [y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)];
  });
}
