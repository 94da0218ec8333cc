import type { GrayImage } from './gray-image.ts';
import { grayHistogram, otsuThreshold } from './otsu-threshold.ts';

/** The gray levels of ink on (nearly) black paper. */
export interface InkLevels {
  /** Paper is at or below it, 0 to 254. */
  readonly threshold: number;
  /** Where paper ends and the soft edge of a stroke begins. */
  readonly paper: number;
  /** The level of full ink. */
  readonly ink: number;
}

/** Ink this close to the paper is none: smudges, grain, compression. */
const MIN_CONTRAST = 16;
/** Gaussian noise split in two by Otsu lies 2.65 standard deviations apart; ink must do clearly better. */
const MIN_SEPARATION = 4;
/** Pixel noise exceeds this many standard deviations about once in three million pixels. */
const NOISE_SIGMAS = 5;
/** In a picture that is cut close, this much is ink in full contrast, and its edges would pass for noise. */
const DENSE_SHARE = 0.25;
const DENSE_CONTRAST = 128;

/**
 * Finds the levels of ink in an image of light ink on dark flat paper: Otsu's threshold, held above the noise so
 * that sparse ink is not lost in it. Returns undefined where there is nothing that stands out as ink.
 */
export function inkLevels(image: GrayImage): InkLevels | undefined {
  const histogram = grayHistogram(image.data);
  const otsu = otsuThreshold(histogram);
  if (otsu === undefined) return undefined;
  const isDense =
    otsu.lightCount >= DENSE_SHARE * image.data.length && otsu.lightMean - otsu.darkMean >= DENSE_CONTRAST;
  const noise = isDense ? 0 : Math.min(254, Math.ceil(NOISE_SIGMAS * pixelNoise(image)));
  const threshold = Math.max(otsu.threshold, noise);
  const paper = moments(histogram, 0, threshold);
  const ink = moments(histogram, threshold + 1, 255);
  if (ink.count === 0 || ink.mean - paper.mean < MIN_CONTRAST) return undefined;
  if (!isDense && ink.mean - paper.mean < MIN_SEPARATION * paper.deviation) return undefined;
  return {
    threshold,
    paper: Math.max(threshold * 0.5, Math.min(threshold * 0.7, paper.mean + 2 * paper.deviation)),
    ink: ink.mean,
  };
}

/** The standard deviation of pixel noise, from the median difference of neighbours: strokes hardly count in it. */
export function pixelNoise({ width, height, data }: GrayImage): number {
  const differences = new Uint32Array(256);
  for (let y = 0; y < height; y++) {
    for (let i = y * width + 1; i < (y + 1) * width; i++) differences[Math.abs(data[i] - data[i - 1])]++;
  }
  // For normal noise the median of |a − b| is 0.6745 × √2 standard deviations.
  return medianOf(differences) / 0.954;
}

function medianOf(histogram: Uint32Array): number {
  let left = histogram.reduce((sum, count) => sum + count, 0) / 2;
  for (let value = 0; value < histogram.length; value++) {
    left -= histogram[value];
    if (left < 0) return value;
  }
  return 0;
}

function moments(histogram: Uint32Array, from: number, to: number): { count: number; mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let value = from; value <= to; value++) {
    count += histogram[value];
    sum += value * histogram[value];
    squares += value * value * histogram[value];
  }
  const mean = count === 0 ? 0 : sum / count;
  return { count, mean, deviation: count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}
