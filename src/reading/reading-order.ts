import type { Point } from '../images/affine.ts';

interface Placed {
  /** From left to right. */
  readonly baseline: readonly Point[];
  /** How far the writing reaches above the baseline. */
  readonly up: number;
}

/** Of the narrower line's width: less is no overlap. */
const OVERLAP_SHARE = 0.1;
/** Lines whose baselines differ by less than this, in units of the lower one's height, and which hardly overlap, stand in a row. */
const ROW_SHARE = 0.6;
const ROW_OVERLAP = 0.3;

/**
 * Lines in the order in which they are read: columns from left to right and each from the top down, with what reaches over several
 * columns between them. A line comes before another that it stands above, and before one on its right unless a line that reaches
 * over both stands between them; these relations are sorted topologically (Breuel 2003, "High performance document layout analysis").
 */
export function inReadingOrder<Line extends Placed>(lines: readonly Line[]): Line[] {
  const sorted = lines.toSorted((a, b) => middleHeight(a) - middleHeight(b) || left(a) - left(b));
  const before = new Map(sorted.map((b) => [b, sorted.filter((a) => a !== b && isBefore(a, b, sorted))]));
  const ordered = new Set<Line>();
  const visited = new Set<Line>();
  const visit = (line: Line): void => {
    if (visited.has(line)) return;
    visited.add(line);
    before.get(line)!.forEach(visit);
    ordered.add(line);
  };
  sorted.forEach(visit);
  return [...ordered];
}

function isBefore(a: Placed, b: Placed, all: readonly Placed[]): boolean {
  const shared = overlap(a, b);
  const distance = dropTo(a, b);
  if (shared < ROW_OVERLAP && Math.abs(distance) < ROW_SHARE * Math.min(a.up, b.up)) return left(a) < left(b);
  if (shared > OVERLAP_SHARE) return distance > 0;
  if (left(a) > left(b)) return false;
  return !all.some((c) => c !== a && c !== b && isBetween(c, a, b));
}

/** Whether a line reaches over two others and stands between them. */
function isBetween(line: Placed, a: Placed, b: Placed): boolean {
  if (overlap(line, a) <= OVERLAP_SHARE || overlap(line, b) <= OVERLAP_SHARE) return false;
  return dropTo(a, line) > 0 !== dropTo(b, line) > 0;
}

/** The part of the narrower line's width in which two lines stand above one another; negative where there is a gap. */
function overlap(a: Placed, b: Placed): number {
  return (Math.min(right(a), right(b)) - Math.max(left(a), left(b))) / Math.min(width(a), width(b));
}

/** How far b's baseline is below a's, in the middle of what they share or of the gap between them. */
function dropTo(a: Placed, b: Placed): number {
  const x = (Math.max(left(a), left(b)) + Math.min(right(a), right(b))) / 2;
  return heightAt(b, x) - heightAt(a, x);
}

/** The height of a baseline at x; its ends go on level. */
function heightAt({ baseline }: Placed, x: number): number {
  const next = baseline.findIndex((point) => point[0] >= x);
  if (next <= 0) return baseline[next < 0 ? baseline.length - 1 : 0][1];
  const [[x0, y0], [x1, y1]] = [baseline[next - 1], baseline[next]];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

const left = ({ baseline }: Placed): number => baseline[0][0];
const right = ({ baseline }: Placed): number => baseline[baseline.length - 1][0];
const width = (line: Placed): number => Math.max(1, right(line) - left(line));
const middleHeight = (line: Placed): number => heightAt(line, (left(line) + right(line)) / 2);
