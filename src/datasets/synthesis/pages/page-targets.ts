import type { Point } from '../../../images/affine.ts';
import { forEachSpan } from '../../../images/fill-polygon.ts';
import { heightAt, type PageLine } from '../../sources/pages/page-line.ts';
import { type Homography, toPage } from './page-view.ts';

/** How the network answers: a cell is `stride` pixels wide, and lengths are in units of `distance` pixels. */
export interface TargetGrid {
  readonly stride: number;
  readonly distance: number;
}

/** The channels of a target: those of the network's answer, and how much each pixel counts. */
export const targetChannels = { core: 0, writing: 1, up: 2, down: 3, weight: 4 } as const;
/** How many channels a target has. */
export const targetCount = Object.keys(targetChannels).length;

/** Of the height above the baseline, the part that is the core: about the height of small letters. */
const coreShare = 0.5;
/** Cores lower than this many pixels of the answer are drawn as high, so that they can be learned. */
const leastCore = 1.6;

/**
 * What the network should answer to a view of a page, `[5, side, side]` with a side of size / 4, written to `target`. `fromPage` maps
 * pixels of the page to those of the view.
 */
export function drawTargets(
  target: Float32Array,
  { size, stride, distance: unit }: TargetGrid & { readonly size: number },
  { lines, ignored }: { readonly lines: readonly PageLine[]; readonly ignored: readonly (readonly Point[])[] },
  fromPage: Homography,
): void {
  const side = size / stride;
  const area = side * side;
  target.fill(0);
  target.fill(1, targetChannels.weight * area);
  const project = (point: Point): Point => {
    const [x, y] = toPage(fromPage, point);
    return [x / stride, y / stride];
  };
  const fill = (channel: number, polygon: readonly Point[], value: number) =>
    forEachSpan(polygon, { left: 0, top: 0, right: side, bottom: side }, (y, from, to) =>
      target.fill(value, channel * area + y * side + from, channel * area + y * side + to),
    );
  for (const polygon of ignored) fill(targetChannels.weight, polygon.map(project), 0);
  const places = lines.flatMap((line) => placeLine(line, side, project) ?? []);
  for (const { writing } of places) fill(targetChannels.writing, writing, 1);
  for (const { core, up, down } of places) {
    fill(targetChannels.core, core, 1);
    fill(targetChannels.up, core, (up * stride) / unit);
    fill(targetChannels.down, core, (down * stride) / unit);
    fill(targetChannels.weight, core, 1);
  }
}

/** A line's core and its whole reach as polygons, and its reach, all in pixels of the answer; undefined where it is out of sight. */
function placeLine(line: PageLine, side: number, project: (point: Point) => Point) {
  const isNear = ([x, y]: Point) => x > -side && y > -side && x < 2 * side && y < 2 * side;
  const points = alongBaseline(line).filter((point) => isNear(project(point)));
  const shifted = (by: number) => points.map(([x, y]) => project([x, y + by]));
  const [base, top, bottom] = [0, -line.up, line.down].map(shifted);
  // Perspective makes a line higher at one end: what counts is where it is seen.
  const seen = base.flatMap(([x, y], i) => (x >= 0 && y >= 0 && x < side && y < side ? [i] : []));
  if (points.length < 2 || seen.length === 0) return undefined;
  const middle = seen[seen.length >> 1];
  const up = distance(base[middle], top[middle]);
  const down = distance(base[middle], bottom[middle]);
  const core = Math.max(coreShare, leastCore / up);
  return { core: band(shifted(-core * line.up), base), writing: band(top, bottom), up, down };
}

/** The baseline's points, close enough to each other that a perspective view stays true. */
function alongBaseline({ baseline, up }: PageLine): Point[] {
  const [left, right] = [baseline[0][0], baseline[baseline.length - 1][0]];
  const count = Math.max(2, Math.min(40, Math.ceil((right - left) / Math.max(8, up))));
  return Array.from({ length: count }, (_, i): Point => {
    const x = left + (i * (right - left)) / (count - 1);
    return [x, heightAt(baseline, x)];
  });
}

const band = (upper: readonly Point[], lower: readonly Point[]): Point[] => [...upper, ...lower.toReversed()];

const distance = ([x0, y0]: Point, [x1, y1]: Point): number => Math.hypot(x1 - x0, y1 - y0);

/** Numbers of a target for views of this size. */
export function targetLength(size: number, { stride }: TargetGrid): number {
  return targetCount * (size / stride) ** 2;
}
