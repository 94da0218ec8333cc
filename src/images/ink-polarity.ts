import type { GrayImage } from './gray-image.ts';
import { grayHistogram, otsuThreshold } from './otsu-threshold.ts';
import { shrinkTo } from './shrink.ts';
import { areStrokesDark } from './stroke-polarity.ts';

/** The shorter side of the image that is judged, in pixels. */
const COARSE = 48;
/** Ink is told from noise by the mean of the most extreme pixels on either side. */
const EXTREME_SHARE = 0.005;
/** The rim is of one tone if the middle half of its tones spans less than this share of all tones. */
const EVEN_SHARE = 0.25;
/** Paper covers at least this share of the image; a frame does not. */
const PAPER_SHARE = 0.2;
/** An image is of two tones if the variance between them is this share of all. */
const TWO_TONE_SHARE = 0.94;

/**
 * Whether the ink is darker than the paper: ink is what differs most from the paper, and paper is what the writing
 * is on. A rim of one tone that is common inside too is paper. In an image of two tones, paper is the tone that prevails over the image and
 * (unless the rim is a frame) along its rim, which count alike. Otherwise, as amid shadows, strokes are told by being thin.
 */
export function isInkDark(image: GrayImage): boolean {
  const { width, height, data } = shrinkTo(
    image,
    (COARSE * Math.max(image.width, image.height)) / Math.min(image.width, image.height),
  );
  const raw = Int16Array.from(data);
  const rim = evenTone(rimOf(raw, width, height), raw);
  if (rim !== undefined && isCommon(rim, raw)) return isFartherDown(raw, rim);
  if (!isTwoTone(data)) return areStrokesDark(image);
  const edge = rim === undefined ? rimOf(raw, width, height) : new Int16Array(0);
  return isFartherDown(raw, prevailingTone(raw, edge));
}

/** Whether two tones explain nearly all differences: clean scans, whose ink must not be mistaken for a slope. */
function isTwoTone(data: Uint8Array): boolean {
  const split = otsuThreshold(grayHistogram(data));
  if (split === undefined) return true;
  const light = split.lightCount / data.length;
  const mean = light * split.lightMean + (1 - light) * split.darkMean;
  const between = light * (1 - light) * (split.lightMean - split.darkMean) ** 2;
  const total = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return between >= TWO_TONE_SHARE * total;
}

/** The tone of the rim, if it has one. */
function evenTone(rim: Int16Array, tones: Int16Array): number | undefined {
  const sorted = rim.slice().sort();
  const spread = sorted[Math.floor(sorted.length * 0.75)] - sorted[sorted.length >> 2];
  return spread <= tolerance(tones) ? sorted[sorted.length >> 1] : undefined;
}

/** Whether paper could have this tone: enough of the image does. */
function isCommon(tone: number, tones: Int16Array): boolean {
  const near = tolerance(tones);
  let alike = 0;
  for (const value of tones) if (Math.abs(value - tone) <= near) alike++;
  return alike >= PAPER_SHARE * tones.length;
}

function tolerance(tones: Int16Array): number {
  const { low, high } = extremes(tones);
  return EVEN_SHARE * (high - low);
}

/** The pixels along the four sides, `[2 × (width + height)]`; corners count twice. */
function rimOf(tones: Int16Array, width: number, height: number): Int16Array {
  const rim = new Int16Array(2 * (width + height));
  rim.set(tones.subarray(0, width));
  rim.set(tones.subarray((height - 1) * width), width);
  for (let y = 0; y < height; y++) {
    rim[2 * width + y] = tones[y * width];
    rim[2 * width + height + y] = tones[(y + 1) * width - 1];
  }
  return rim;
}

function isFartherDown(tones: Int16Array, paper: number): boolean {
  const { low, high } = extremes(tones);
  return paper - low >= high - paper;
}

/** The means of the darkest and of the lightest pixels. */
function extremes(tones: Int16Array): { low: number; high: number } {
  const histogram = toneHistogram(tones);
  const count = Math.max(1, Math.round(tones.length * EXTREME_SHARE));
  return { low: meanOfFirst(histogram, count), high: -meanOfFirst(histogram.reverse(), count) };
}

/** How often each tone from −255 to 255 occurs. */
function toneHistogram(tones: Int16Array): Float64Array {
  const histogram = new Float64Array(511);
  for (const tone of tones) histogram[tone + 255]++;
  return histogram;
}

function meanOfFirst(histogram: Float64Array, count: number): number {
  let sum = 0;
  let left = count;
  for (let i = 0; left > 0; i++) {
    const taken = Math.min(left, histogram[i]);
    sum += taken * (i - 255);
    left -= taken;
  }
  return sum / count;
}

/** The median of all tones, in which those of the rim, if there are any, weigh together as much as all. */
function prevailingTone(tones: Int16Array, rim: Int16Array): number {
  const histogram = toneHistogram(tones);
  for (const tone of rim) histogram[tone + 255] += tones.length / rim.length;
  let left = (rim.length === 0 ? 0.5 : 1) * tones.length;
  let tone = -255;
  while (left > 0) left -= histogram[tone++ + 255];
  return tone - 1;
}
