import type { GrayImage } from './gray-image.ts';

/** What a picture is like, whatever is written in it. */
export interface PictureMeasures {
  /** Mean gray, from 0 (black) to 1 (white). */
  readonly brightness: number;
  /** From the 1st to the 99th percentile of gray, 0 to 1. */
  readonly contrast: number;
  /** Share of the picture that is ink, 0 to 1. */
  readonly ink: number;
  /** The steepest steps between neighbouring pixels, as a share of the contrast: 1 where strokes have hard edges. */
  readonly sharpness: number;
  /** 1 for light ink on dark paper, otherwise 0. */
  readonly inverted: number;
}

/** A grid of at most so many rows and columns is looked at, so that large pictures cost no more than small ones. */
const MOST_ROWS = 48;
const MOST_COLUMNS = 384;
/** Tones beyond these shares of the pixels are noise. */
const EXTREME_SHARE = 0.01;
/** Of the steps that are more than noise, the steepest share counts. */
const STEEPEST_SHARE = 0.1;
/** Steps smaller than this share of the contrast are none. */
const LEAST_STEP = 0.08;

/** Measures a picture on a grid of its pixels. */
export function measurePicture({ width, height, data }: GrayImage): PictureMeasures {
  const tones = new Uint32Array(256);
  const steps = new Uint32Array(256);
  const down = Math.max(1, Math.ceil(height / MOST_ROWS));
  const along = Math.max(1, Math.ceil(width / MOST_COLUMNS));
  let [sum, count] = [0, 0];
  for (let y = down >> 1; y < height; y += down) {
    const end = (y + 1) * width;
    for (let i = y * width + (along >> 1); i < end; i += along) {
      const value = data[i];
      sum += value;
      count++;
      tones[value]++;
      if (i + 1 < end) steps[Math.abs(data[i + 1] - value)]++;
    }
  }
  const [low, paper, high] = [EXTREME_SHARE, 0.5, 1 - EXTREME_SHARE].map((share) => quantileOf(tones, count, share));
  const contrast = high - low;
  const isInkDark = paper - low >= high - paper;
  return {
    brightness: sum / count / 255,
    contrast: contrast / 255,
    ink: contrast === 0 ? 0 : shareBeyond(tones, count, isInkDark ? (paper + low) / 2 : (paper + high) / 2, isInkDark),
    sharpness: contrast === 0 ? 0 : Math.min(1, steepest(steps, contrast) / contrast),
    inverted: contrast === 0 || isInkDark ? 0 : 1,
  };
}

function quantileOf(histogram: Uint32Array, count: number, share: number): number {
  let left = share * count;
  for (let value = 0; value < 256; value++) {
    left -= histogram[value];
    if (left < 0) return value;
  }
  return 255;
}

function shareBeyond(tones: Uint32Array, count: number, middle: number, isBelow: boolean): number {
  let beyond = 0;
  for (let value = 0; value < 256; value++) if (isBelow ? value < middle : value > middle) beyond += tones[value];
  return beyond / count;
}

/** The step that only a share of all that are steps at all exceed. */
function steepest(steps: Uint32Array, contrast: number): number {
  const least = Math.max(1, Math.ceil(LEAST_STEP * contrast));
  let all = 0;
  for (let step = least; step < 256; step++) all += steps[step];
  let left = STEEPEST_SHARE * all;
  for (let step = 255; step >= least; step--) {
    left -= steps[step];
    if (left < 0) return step;
  }
  return 0;
}
