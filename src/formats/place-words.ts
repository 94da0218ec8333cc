import type { Point } from '../images/affine.ts';
import type { LineReading, Polygon, WordReading } from '../reading/reading.ts';

/** Where the text of a word stands, in pixels of the picture. */
export interface PlacedWord {
  readonly text: string;
  /** Where its baseline begins. */
  readonly start: Point;
  /** Along the baseline, of length 1. */
  readonly direction: Point;
  readonly width: number;
  /** From the lower to the upper rim of the word. */
  readonly height: number;
}

/** The places of a line's words on its baseline. */
export function placeWords({ words, baseline }: LineReading): PlacedWord[] {
  return words.filter(({ text }) => text !== '').map((word) => placeWord(word, baseline));
}

function placeWord({ text, polygon }: WordReading, baseline: readonly Point[]): PlacedWord {
  const direction = directionAt(middleOf(polygon), baseline);
  const [ux, uy] = direction;
  const along = polygon.map(([x, y]) => x * ux + y * uy);
  const across = polygon.map(([x, y]) => y * ux - x * uy);
  const [left, right] = [Math.min(...along), Math.max(...along)];
  const on = nearest(baseline, [left * ux, left * uy], direction);
  return {
    text,
    start: [left * ux - on * uy, left * uy + on * ux],
    direction,
    width: Math.max(1, right - left),
    height: Math.max(1, Math.max(...across) - Math.min(...across)),
  };
}

function middleOf(polygon: Polygon): Point {
  const sum = (axis: 0 | 1) => polygon.reduce((total, point) => total + point[axis], 0) / polygon.length;
  return [sum(0), sum(1)];
}

/** The direction of the stretch of the baseline that is nearest to a place. */
function directionAt(place: Point, baseline: readonly Point[]): Point {
  const stretch = stretchesOf(baseline).toSorted((a, b) => distance(place, a) - distance(place, b))[0];
  if (stretch === undefined) return [1, 0];
  const [[x0, y0], [x1, y1]] = stretch;
  const length = Math.hypot(x1 - x0, y1 - y0);
  return [(x1 - x0) / length, (y1 - y0) / length];
}

/** How far across `direction` the baseline is where it passes beside `place`. */
function nearest(baseline: readonly Point[], [px, py]: Point, [ux, uy]: Point): number {
  const at = px * ux + py * uy;
  const points = baseline.map(([x, y]) => ({ along: x * ux + y * uy, across: y * ux - x * uy }));
  const next = points.findIndex(({ along }) => along >= at);
  if (next <= 0) return points[next === 0 ? 0 : points.length - 1].across;
  const [a, b] = [points[next - 1], points[next]];
  return a.across + ((at - a.along) / (b.along - a.along)) * (b.across - a.across);
}

type Stretch = readonly [Point, Point];

function stretchesOf(baseline: readonly Point[]): Stretch[] {
  return baseline
    .slice(1)
    .map((point, i): Stretch => [baseline[i], point])
    .filter(([[x0, y0], [x1, y1]]) => x0 !== x1 || y0 !== y1);
}

function distance([x, y]: Point, [[x0, y0], [x1, y1]]: Stretch): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const share = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
