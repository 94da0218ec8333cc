import { flattenBackground } from './flatten-background.ts';
import type { GrayImage } from './gray-image.ts';
import { pixelNoise } from './ink-levels.ts';
import { invert } from './invert.ts';
import { turnQuarters } from './quarter-turn.ts';
import { median } from './median.ts';
import { areStrokesDark } from './stroke-polarity.ts';

/** Of the picture's shorter side, the greatest thickness of a rule; in pixels in a small one. */
const THICKNESS_SHARE = 0.04;
const LEAST_THICKNESS = 4;
/** How far rules rise or fall, for their length. */
const MOST_SLOPE = 0.05;
/** Of the picture's side, what shows of a rule; strokes hide the rest. It shows at both ends, each this share of the side. */
const SEEN_SHARE = 0.6;
const END_SHARE = 0.15;
const SEEN_AT_END = 0.7;
/** Rules are this far apart, in pixels. */
const LEAST_STEP = 4;
/** The least contrast of a rule, and in deviations of the noise. */
const LEAST_CONTRAST = 10;
const NOISE_SIGMAS = 3;
/** The window for the paper's light, as a share of the picture's longer side. */
const WINDOW_SHARE = 1 / 6;

/** A straight line: at column `x` it is at `y + slope × (x − width / 2)`. */
interface Rule {
  readonly y: number;
  readonly slope: number;
}

/**
 * Erases the rules of ruled and squared paper and of tables: thin straight lines from one side of the picture to the other, nearly level
 * or upright. Where a stroke crosses a rule, it stays. Undefined where there are none.
 */
export function eraseRules(picture: GrayImage): GrayImage | undefined {
  const isDark = areStrokesDark(picture);
  const dark = isDark ? picture : invert(picture);
  const level = eraseLevelRules(dark);
  const upright = eraseLevelRules(turnQuarters(level ?? dark, 1));
  const erased = upright === undefined ? level : turnQuarters(upright, 3);
  return erased === undefined || isDark ? erased : invert(erased);
}

function eraseLevelRules(image: GrayImage): GrayImage | undefined {
  const { width, height } = image;
  const flat = flattenBackground(image, Math.max(3, Math.max(width, height) * WINDOW_SHARE));
  const threshold = Math.max(LEAST_CONTRAST, NOISE_SIGMAS * pixelNoise(flat));
  const isInk = (x: number, y: number) => y >= 0 && y < height && flat.data[y * width + x] > threshold;
  const thickest = Math.max(LEAST_THICKNESS, Math.round(THICKNESS_SHARE * Math.min(width, height)));
  const rules = findRules(thinRuns(image, isInk, thickest), image);
  if (rules.length === 0) return undefined;
  const erased = { width, height, data: image.data.slice() };
  for (const rule of rules) eraseRule(erased, rule, isInk, thickest);
  return erased;
}

/** The middles of all vertical runs of ink that are as thin as rules, as x and y in turn. */
function thinRuns(
  { width, height }: GrayImage,
  isInk: (x: number, y: number) => boolean,
  thickest: number,
): readonly number[] {
  const points: number[] = [];
  for (let x = 0; x < width; x++) {
    for (let y = 0, from = -1; y <= height; y++) {
      if (isInk(x, y)) {
        if (from < 0) from = y;
        continue;
      }
      if (from >= 0 && y - from <= thickest) points.push(x, (from + y - 1) >> 1);
      from = -1;
    }
  }
  return points;
}

/** Lines on which points lie along most of the width (Hough transform), the clearest first. */
function findRules(points: readonly number[], { width, height }: GrayImage): Rule[] {
  const steepest = Math.ceil((MOST_SLOPE * width) / 2);
  const found: (Rule & { readonly seen: number })[] = [];
  for (let step = -steepest; step <= steepest; step++) {
    const slope = (2 * step) / width;
    const votes = countAlong(points, slope, width, height, [0, width]);
    const left = countAlong(points, slope, width, height, [0, END_SHARE * width]);
    const right = countAlong(points, slope, width, height, [(1 - END_SHARE) * width, width]);
    const near = (counts: Uint16Array, y: number) => (counts[y - 1] ?? 0) + counts[y] + (counts[y + 1] ?? 0);
    const leastAtEnd = SEEN_AT_END * END_SHARE * width;
    for (let y = 0; y < height; y++) {
      const seen = near(votes, y);
      if (seen < SEEN_SHARE * width || near(left, y) < leastAtEnd || near(right, y) < leastAtEnd) continue;
      found.push({ y, slope, seen });
    }
  }
  found.sort((a, b) => b.seen - a.seen || Math.abs(a.slope) - Math.abs(b.slope));
  const rules: Rule[] = [];
  for (const rule of found) if (!rules.some((other) => areNear(rule, other, width))) rules.push(rule);
  return rules;
}

/** How many points lie at each height of a sheared image, of those in the given columns. */
function countAlong(
  points: readonly number[],
  slope: number,
  width: number,
  height: number,
  [from, to]: readonly [number, number],
): Uint16Array {
  const counts = new Uint16Array(height);
  for (let i = 0; i < points.length; i += 2) {
    if (points[i] < from || points[i] >= to) continue;
    const y = Math.round(points[i + 1] - slope * (points[i] - width / 2));
    if (y >= 0 && y < height) counts[y]++;
  }
  return counts;
}

function areNear(a: Rule, b: Rule, width: number): boolean {
  return [-0.5, 0, 0.5].some((end) => Math.abs(a.y - b.y + end * width * (a.slope - b.slope)) < LEAST_STEP);
}

/** Paints paper over a rule where nothing thicker crosses it, in place. */
function eraseRule(
  image: GrayImage,
  { y, slope }: Rule,
  isInk: (x: number, y: number) => boolean,
  thickest: number,
): void {
  const { width } = image;
  const runs: { readonly x: number; readonly from: number; readonly to: number }[] = [];
  for (let x = 0; x < width; x++) {
    const at = Math.round(y + slope * (x - width / 2));
    const inside = [at, at - 1, at + 1, at - 2, at + 2].find((near) => isInk(x, near));
    if (inside === undefined) continue;
    let [from, to] = [inside, inside + 1];
    while (to - from <= 2 * thickest && isInk(x, from - 1)) from--;
    while (to - from <= 2 * thickest && isInk(x, to)) to++;
    runs.push({ x, from, to });
  }
  const most = 2 + 1.5 * median(runs.map(({ from, to }) => to - from));
  for (const { x, from, to } of runs) if (to - from <= most) paintOver(image, x, from - 1, to + 1);
}

/** Continues what is above and below rows `from` to `to` of a column over them. */
function paintOver({ width, height, data }: GrayImage, x: number, from: number, to: number): void {
  const [above, below] = [from - 1, to].map((row) => (row >= 0 && row < height ? data[row * width + x] : undefined));
  for (let row = Math.max(0, from); row < Math.min(height, to); row++) {
    const share = (row - from + 1) / (to - from + 1);
    data[row * width + x] = (above ?? below ?? 255) * (1 - share) + (below ?? above ?? 255) * share;
  }
}
