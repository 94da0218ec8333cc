import type { Point } from '../images/affine.ts';
import { connectedComponents } from '../images/connected-components.ts';
import { forEachSpan } from '../images/fill-polygon.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { Quadrilateral } from '../images/homography.ts';
import { grayHistogram, otsuThreshold } from '../images/otsu-threshold.ts';
import { shrinkTo } from '../images/shrink.ts';

/** The sheet is looked for at this longest side, in pixels. */
const SIDE = 256;
/** How much lighter paper is than what is around it, at least. */
const LEAST_CONTRAST = 40;
/** Of the picture, what a sheet covers at least. */
const LEAST_SHARE = 0.2;
/** Of both together, what the light region and its quadrilateral have in common at least. */
const LEAST_OVERLAP = 0.96;
/** A corner nearer the rim, in pixels, may be one of the picture rather than of the sheet. */
const RIM = 2;
/** Opposite sides are equally long and corners are right but for this factor and so many degrees: lines are followed as well without more. */
const MOST_EQUAL = 1.15;
const MOST_RIGHT = 6;
/** Beyond this angle, in degrees, a quadrilateral is no sheet that can be read. */
const MOST_SKEW = 40;

/**
 * The corners of a light sheet on a darker ground that is seen at an angle, from the upper left one clockwise, in pixels of the picture.
 * Undefined where it is not surely one: all four corners must show, and its edges be straight; and where it is seen from above.
 */
export function findSheet(picture: GrayImage): Quadrilateral | undefined {
  const small = shrinkTo(picture, SIDE);
  const otsu = otsuThreshold(grayHistogram(small.data));
  if (otsu === undefined || otsu.lightMean - otsu.darkMean < LEAST_CONTRAST) return undefined;
  const region = largestRegion(small, otsu.threshold);
  if (region === undefined) return undefined;
  const corners = widestQuadrilateral(convexHull(region.outline));
  if (corners === undefined || isAtRim(corners, small) || !isSeenAtAngle(corners)) return undefined;
  if (overlap(corners, region, small) < LEAST_OVERLAP) return undefined;
  const [x, y] = [picture.width / small.width, picture.height / small.height];
  return corners.map((point): Point => [x * point[0], y * point[1]]) as unknown as Quadrilateral;
}

interface Region {
  /** 1 in the region, `[height · width]`. */
  readonly mask: Uint8Array;
  /** The ends of its rows. */
  readonly outline: readonly Point[];
}

/** The largest light region, with the writing in it: each row from its first pixel to its last. */
function largestRegion({ width, height, data }: GrayImage, threshold: number): Region | undefined {
  const light = data.map((value) => (value > threshold ? 1 : 0));
  const { labels, components } = connectedComponents(light, width, height);
  const largest = components.reduce((best, { area }, i) => (area > (components[best]?.area ?? 0) ? i : best), 0);
  if ((components[largest]?.area ?? 0) < LEAST_SHARE * data.length) return undefined;
  const mask = new Uint8Array(data.length);
  const outline: Point[] = [];
  for (let y = 0; y < height; y++) {
    const row = labels.subarray(y * width, (y + 1) * width);
    const [from, to] = [row.indexOf(largest + 1), row.lastIndexOf(largest + 1) + 1];
    if (from < 0) continue;
    mask.fill(1, y * width + from, y * width + to);
    outline.push([from, y], [from, y + 1], [to, y], [to, y + 1]);
  }
  return { mask, outline };
}

/** Clockwise (Andrew 1979). */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length > 1 && cross(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** Twice the area of a triangle, positive where it turns clockwise as seen on the picture. */
function cross(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** The four corners of a hull, clockwise, that enclose the largest area; the first is the nearest to the upper left. */
function widestQuadrilateral(hull: readonly Point[]): Quadrilateral | undefined {
  if (hull.length < 4) return undefined;
  let [best, corners]: [number, Point[]] = [0, []];
  for (let i = 0; i < hull.length; i++) {
    for (let k = i + 2; k < hull.length; k++) {
      const [b, right] = farthest(hull, i, k, i + 1, k);
      const [d, left] = farthest(hull, k, i, k + 1, i + hull.length);
      if (right + left > best) [best, corners] = [right + left, [hull[i], b, hull[k], d]];
    }
  }
  if (corners.length < 4 || corners.includes(undefined as never)) return undefined;
  const first = corners.reduce((least, [x, y], i) => (x + y < corners[least][0] + corners[least][1] ? i : least), 0);
  return [...corners.slice(first), ...corners.slice(0, first)] as unknown as Quadrilateral;
}

/** Of the corners from `from` to before `to`, the one that makes the largest triangle with two others, and twice its area. */
function farthest(hull: readonly Point[], i: number, k: number, from: number, to: number): [Point, number] {
  let [best, area]: [Point, number] = [hull[from % hull.length], 0];
  for (let j = from; j < to; j++) {
    const point = hull[j % hull.length];
    const size = Math.abs(cross(hull[i], hull[k], point));
    if (size > area) [best, area] = [point, size];
  }
  return [best, area];
}

function isAtRim(corners: Quadrilateral, { width, height }: GrayImage): boolean {
  return corners.some(([x, y]) => x < RIM || y < RIM || x > width - RIM || y > height - RIM);
}

function isSeenAtAngle(corners: Quadrilateral): boolean {
  const sides = corners.map((point, i) => distance(point, corners[(i + 1) % 4]));
  const ratio = (a: number, b: number) => Math.max(a, b) / Math.min(a, b);
  const angles = corners.map((point, i) => angleAt(corners[(i + 3) % 4], point, corners[(i + 1) % 4]));
  const skew = Math.max(...angles.map((angle) => Math.abs(angle - 90)));
  if (skew > MOST_SKEW) return false;
  return skew > MOST_RIGHT || ratio(sides[0], sides[2]) > MOST_EQUAL || ratio(sides[1], sides[3]) > MOST_EQUAL;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

function angleAt(before: Point, at: Point, after: Point): number {
  const [ux, uy, vx, vy] = [before[0] - at[0], before[1] - at[1], after[0] - at[0], after[1] - at[1]];
  return (Math.acos((ux * vx + uy * vy) / (Math.hypot(ux, uy) * Math.hypot(vx, vy))) * 180) / Math.PI;
}

/** Intersection over union of a quadrilateral and a region. */
function overlap(corners: Quadrilateral, { mask }: Region, { width, height }: GrayImage): number {
  const inside = new Uint8Array(mask.length);
  forEachSpan(corners, { left: 0, top: 0, right: width, bottom: height }, (y, from, to) =>
    inside.fill(1, y * width + from, y * width + to),
  );
  let [both, either] = [0, 0];
  for (let i = 0; i < mask.length; i++) {
    both += mask[i] & inside[i];
    either += mask[i] | inside[i];
  }
  return both / either;
}
