import type { Point } from './affine.ts';
import { boxOf, spansAt } from './fill-polygon.ts';

/** Rows of pixels that areas are counted in, in each polygon's height at least. */
const ROWS = 48;

/**
 * The area that two polygons share, over that of both together and over that of the first; each inside by the even-odd rule. Areas
 * are sums over horizontal strips, exact in x, at least 48 of them in the lower polygon's height.
 */
export function polygonOverlap(
  a: readonly Point[],
  b: readonly Point[],
): { readonly overUnion: number; readonly ofFirst: number } {
  const [first, second] = [boxOf(a), boxOf(b)];
  if (Math.min(first.right, second.right) <= Math.max(first.left, second.left)) return { overUnion: 0, ofFirst: 0 };
  if (Math.min(first.bottom, second.bottom) <= Math.max(first.top, second.top)) return { overUnion: 0, ofFirst: 0 };
  const [top, bottom] = [Math.min(first.top, second.top), Math.max(first.bottom, second.bottom)];
  const lower = Math.min(first.bottom - first.top, second.bottom - second.top);
  const rows = Math.min(4000, Math.ceil((ROWS * (bottom - top)) / lower));
  const step = (bottom - top) / rows;
  let [areaA, areaB, shared] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const y = top + (row + 0.5) * step;
    const [spansA, spansB] = [spansAt(a, y), spansAt(b, y)];
    areaA += lengthOf(spansA);
    areaB += lengthOf(spansB);
    for (const [from, to] of spansA) {
      for (const [begin, end] of spansB) shared += Math.max(0, Math.min(to, end) - Math.max(from, begin));
    }
  }
  const union = areaA + areaB - shared;
  return { overUnion: union === 0 ? 0 : shared / union, ofFirst: areaA === 0 ? 0 : shared / areaA };
}

type Span = readonly [from: number, to: number];

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, [from, to]) => sum + to - from, 0);
