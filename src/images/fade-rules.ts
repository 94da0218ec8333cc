import type { GrayImage } from './gray-image.ts';

/** What counts as a printed rule, in pixels. */
export interface RuleSize {
  /** A rule continues for at least this long, gaps of up to `maxGap` included. */
  readonly minLength: number;
  readonly maxGap: number;
  /** A rule is at most this thick; where ink is thicker, a stroke crosses it. */
  readonly maxThickness: number;
}

/** Halvings of a rule's ink. What is erased completely takes the feet of letters that stand on the rule along. */
const FADING = 2;

/**
 * Fades the rules of ruled paper in an image of ink on black, where no stroke crosses them: long horizontal runs of
 * pixels brighter than `threshold`, faded where they are thin (line-track height, after Randriamahefa et al. 1993).
 */
export function fadeRules(image: GrayImage, threshold: number, size: RuleSize): GrayImage {
  const { width, height } = image;
  const data = image.data.slice();
  const isRule = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) markLongRuns(image, y, threshold, size, isRule);
  for (let x = 0; x < width; x++) fadeThinRuns(image, x, threshold, size.maxThickness, isRule, data);
  return { width, height, data };
}

/** Marks the pixels of row `y` that belong to a run of at least `minLength`; gaps inside a run are not marked. */
function markLongRuns(
  { width, data }: GrayImage,
  y: number,
  threshold: number,
  { minLength, maxGap }: RuleSize,
  isRule: Uint8Array,
): void {
  const row = y * width;
  const mark = (from: number, to: number) => {
    if (to - from >= minLength) for (let i = row + from; i < row + to; i++) if (data[i] > threshold) isRule[i] = 1;
  };
  let from = 0;
  let to = 0;
  for (let x = 0; x < width; x++) {
    if (data[row + x] <= threshold) continue;
    if (x - to > maxGap) {
      mark(from, to);
      from = x;
    }
    to = x + 1;
  }
  mark(from, to);
}

/** In column `x`, fades every vertical run of ink that holds rule pixels and is not thicker than a rule. */
function fadeThinRuns(
  { width, height, data }: GrayImage,
  x: number,
  threshold: number,
  maxThickness: number,
  isRule: Uint8Array,
  result: Uint8Array,
): void {
  let from = -1;
  let hasRule = false;
  for (let y = 0; y <= height; y++) {
    const i = y * width + x;
    if (y < height && data[i] > threshold) {
      if (from < 0) from = y;
      hasRule ||= isRule[i] === 1;
      continue;
    }
    if (hasRule && y - from <= maxThickness) {
      for (let k = Math.max(0, from - 1); k < Math.min(height, y + 1); k++)
        result[k * width + x] = data[k * width + x] >> FADING;
    }
    from = -1;
    hasRule = false;
  }
}
