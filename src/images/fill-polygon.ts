import type { Point } from './affine.ts';

/** Calls back with the pixels inside a polygon, row by row: y, and x from `from` up to but without `to`; by the even-odd rule. */
export function forEachSpan(
  polygon: readonly Point[],
  width: number,
  height: number,
  callback: (y: number, from: number, to: number) => void,
): void {
  const ys = polygon.map(([, y]) => y);
  const first = Math.max(0, Math.floor(Math.min(...ys)));
  const last = Math.min(height - 1, Math.ceil(Math.max(...ys)));
  for (let y = first; y <= last; y++) {
    for (const [from, to] of spansAt(polygon, y + 0.5)) {
      const left = Math.max(0, Math.round(from));
      const right = Math.min(width, Math.round(to));
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
