import { inkOn, paperLight } from './flatten-background.ts';
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
/** A rule that writing hides more is one where at least so many others are evenly spaced, and it is in step with them. */
const SEEN_IN_STEP = 0.25;
const LEAST_IN_STEP = 3;
const SAME_SLOPE = 0.005;
const STEP_TOLERANCE = 1.5;
/** Rules are this far apart, in pixels. */
const LEAST_STEP = 4;
/** The least contrast of a rule, and in deviations of the noise. */
const LEAST_CONTRAST = 10;
const NOISE_SIGMAS = 3;
/** The window for the paper's light, as a share of the picture's longer side. */
const WINDOW_SHARE = 1 / 6;

/** Columns that together tell how much light a rule lets through, the quantile of them that does, and the rule's limits. */
const COLUMNS = 128;
const LIGHT_QUANTILE = 0.6;
const MOST_LIGHT = 0.97;
const LEAST_LIGHT = 0.1;
/** A rule that rises by at least so many pixels is followed with so many columns on either side. */
const FOLLOWED = 4;
const LEAST_RISE = 2;

/** A straight line: at column `x` it is at `y + slope × (x − width / 2)`. */
interface Rule {
  readonly y: number;
  readonly slope: number;
}

/** A picture without the rules of its paper, and how many there were. */
export interface ErasedRules {
  readonly image: GrayImage;
  readonly level: number;
  readonly upright: number;
}

/**
 * Erases the rules of ruled and squared paper and of tables: thin straight lines from one side of the picture to the other, nearly level
 * or upright. Strokes along them and across them stay. Undefined where there are none.
 */
export function eraseRules(picture: GrayImage): ErasedRules | undefined {
  const isDark = areStrokesDark(picture);
  const dark = isDark ? picture : invert(picture);
  const level = eraseLevelRules(dark);
  const upright = eraseLevelRules(turnQuarters(level?.image ?? dark, 1));
  const erased = upright === undefined ? level?.image : turnQuarters(upright.image, 3);
  if (erased === undefined) return undefined;
  return { image: isDark ? erased : invert(erased), level: level?.rules ?? 0, upright: upright?.rules ?? 0 };
}

function eraseLevelRules(image: GrayImage): { readonly image: GrayImage; readonly rules: number } | undefined {
  const { width, height } = image;
  const paper = paperLight(image, Math.max(3, Math.max(width, height) * WINDOW_SHARE));
  const flat = inkOn(paper, image);
  const threshold = Math.max(LEAST_CONTRAST, NOISE_SIGMAS * pixelNoise(flat));
  const isInk = (x: number, y: number) => y >= 0 && y < height && flat.data[y * width + x] > threshold;
  const thickest = Math.max(LEAST_THICKNESS, Math.round(THICKNESS_SHARE * Math.min(width, height)));
  const rules = findRules(thinRuns(image, isInk, thickest), image);
  if (rules.length === 0) return undefined;
  const erased = { width, height, data: image.data.slice() };
  for (const rule of rules) eraseRule(erased, paper, followRule(rule, width, isInk, thickest));
  return { image: erased, rules: rules.length };
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
  const found: (Rule & { readonly seen: number; readonly isClear: boolean })[] = [];
  for (let step = -steepest; step <= steepest; step++) {
    const slope = (2 * step) / width;
    const votes = countAlong(points, slope, width, height, [0, width]);
    const left = countAlong(points, slope, width, height, [0, END_SHARE * width]);
    const right = countAlong(points, slope, width, height, [(1 - END_SHARE) * width, width]);
    const near = (counts: Uint16Array, y: number) => (counts[y - 1] ?? 0) + counts[y] + (counts[y + 1] ?? 0);
    const leastAtEnd = SEEN_AT_END * END_SHARE * width;
    for (let y = 0; y < height; y++) {
      const seen = near(votes, y);
      if (seen < SEEN_IN_STEP * width) continue;
      const isClear = seen >= SEEN_SHARE * width && near(left, y) >= leastAtEnd && near(right, y) >= leastAtEnd;
      found.push({ y, slope, seen, isClear });
    }
  }
  found.sort((a, b) => b.seen - a.seen || Math.abs(a.slope) - Math.abs(b.slope));
  const rules: Rule[] = [];
  const add = (rule: Rule) => void (rules.some((other) => areNear(rule, other, width)) || rules.push(rule));
  found.filter(({ isClear }) => isClear).forEach(add);
  const isInStep = stepOf(rules);
  found.filter((rule) => isInStep(rule)).forEach(add);
  return rules;
}

/** Whether a rule continues the even steps of others, of which writing hides some; never where they tell of none. */
function stepOf(rules: readonly Rule[]): (rule: Rule) => boolean {
  if (rules.length < LEAST_IN_STEP) return () => false;
  const places = rules.map(({ y }) => y).sort((a, b) => a - b);
  const steps = places.slice(1).map((y, i) => y - places[i]);
  // Where rules are missing between them, steps are multiples: of two, the shorter one counts.
  const step = steps.sort((a, b) => a - b)[(steps.length - 1) >> 1];
  const slope = median(rules.map((rule) => rule.slope));
  return (rule) => {
    const nearest = places.reduce((best, y) => (Math.abs(y - rule.y) < Math.abs(best - rule.y) ? y : best));
    const count = Math.round((rule.y - nearest) / step);
    const isParallel = Math.abs(rule.slope - slope) < SAME_SLOPE;
    return count !== 0 && isParallel && Math.abs(rule.y - nearest - count * step) <= STEP_TOLERANCE * Math.abs(count);
  };
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

interface FollowedRule {
  readonly middles: Int32Array;
  readonly reach: number;
}

/**
 * Divides a rule out of a picture, in place: what it lets through of the light, at each distance from its middle, is told by the columns
 * around. So paper becomes paper again, and a stroke along or across it stays.
 */
function eraseRule({ width, height, data }: GrayImage, paper: GrayImage, { middles, reach }: FollowedRule): void {
  const step = Math.min(width, COLUMNS) / 2;
  const through = new Float32Array(width);
  for (let offset = -reach; offset <= reach; offset++) {
    for (let x = 0; x < width; x++) {
      const at = (middles[x] + offset) * width + x;
      through[x] = at < 0 || at >= data.length ? 1 : Math.min(1, data[at] / Math.max(1, paper.data[at]));
    }
    for (let from = 0; from < width; from += step) {
      const near = through.slice(Math.max(0, Math.round(from - step / 2)), Math.round(from + 1.5 * step)).sort();
      const share = Math.max(LEAST_LIGHT, near[Math.floor(LIGHT_QUANTILE * (near.length - 1))]);
      if (share > MOST_LIGHT) continue;
      for (let x = Math.round(from); x < Math.min(width, Math.round(from + step)); x++) {
        const row = middles[x] + offset;
        if (row < 0 || row >= height) continue;
        const at = row * width + x;
        data[at] = Math.min(paper.data[at], data[at] / share);
      }
    }
  }
}

/** The row of a rule's middle in each column, and how far it reaches from there: where its ink is thin, as that is; otherwise straight on. */
function followRule(
  { y, slope }: Rule,
  width: number,
  isInk: (x: number, y: number) => boolean,
  thickest: number,
): FollowedRule {
  const heights: number[] = [];
  const seen = Array.from({ length: width }, (_, x) => {
    const at = Math.round(y + slope * (x - width / 2));
    const inside = [at, at - 1, at + 1, at - 2, at + 2].find((near) => isInk(x, near));
    if (inside === undefined) return at;
    let [from, to] = [inside, inside + 1];
    while (to - from <= thickest && isInk(x, from - 1)) from--;
    while (to - from <= thickest && isInk(x, to)) to++;
    if (to - from > thickest) return at;
    heights.push(to - from);
    return (from + to - 1) >> 1;
  });
  const reach = Math.ceil(median(heights.length > 0 ? heights : [1]) / 2) + 1;
  if (Math.abs(slope) * width < LEAST_RISE) {
    const row = Math.round(median(seen));
    return { middles: new Int32Array(width).fill(row), reach };
  }
  const near = (x: number) => seen.slice(Math.max(0, x - FOLLOWED), x + FOLLOWED + 1);
  return { middles: Int32Array.from(seen, (_, x) => Math.round(median(near(x)))), reach };
}
