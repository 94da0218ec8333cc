import type { Point } from './affine.ts';
import type { Box } from './crop.ts';

/**
 * Calls back with the pixels of `frame` inside a polygon, row by row: y, and x from `from` up to but without `to`; by the even-odd
 * rule.
 */
export function forEachSpan(
  polygon: readonly Point[],
  frame: Box,
  callback: (y: number, from: number, to: number) => void,
): void {
  const box = boxOf(polygon);
  const bottom = Math.min(frame.bottom, Math.ceil(box.bottom) + 1);
  for (let y = Math.max(frame.top, Math.floor(box.top)); y < bottom; y++) {
    for (const [from, to] of spansAt(polygon, y + 0.5)) {
      const left = Math.max(frame.left, Math.round(from));
      const right = Math.min(frame.right, Math.round(to));
      if (left < right) callback(y, left, right);
    }
  }
}

/** Where a horizontal line is inside the polygon, by the even-odd rule: pairs of x, from left to right. */
export function spansAt(polygon: readonly Point[], y: number): [number, number][] {
  const crossings = polygon
    .flatMap(([x0, y0], i) => {
      const [x1, y1] = polygon[(i + 1) % polygon.length];
      const isCrossed = y0 <= y !== y1 <= y;
      return isCrossed ? [x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)] : [];
    })
    .sort((a, b) => a - b);
  return Array.from({ length: crossings.length >> 1 }, (_, i) => [crossings[2 * i], crossings[2 * i + 1]]);
}

/** The least box that contains the polygon, in fractions of pixels. */
export function boxOf(polygon: readonly Point[]): Box {
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** The least box of whole pixels that contains the polygon. */
export function wholeBoxOf(polygon: readonly Point[]): Box {
  const { left, top, right, bottom } = boxOf(polygon);
  return { left: Math.floor(left), top: Math.floor(top), right: Math.ceil(right), bottom: Math.ceil(bottom) };
}
