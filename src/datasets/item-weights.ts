import { TextRecognizerError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { itemsOfClasses } from './split.ts';

/**
 * Weights, `[length]`, under which a class of n items is visited in proportion to n^(1 − strength): 0 leaves the frequencies as they
 * are, 1 visits all classes equally often, 0.5 is between.
 */
export function classBalanceWeights(dataset: Pick<Dataset, 'classes' | 'labels'>, strength: number): Float64Array {
  if (!(strength >= 0 && strength <= 1)) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `Class balance must be between 0 and 1, got ${strength}.`);
  }
  const counts = itemsOfClasses(dataset).map((items) => items.length);
  return Float64Array.from(dataset.labels, (label) => counts[label] ** -strength);
}

/** Weights, `[length]`, for `concat(parts)` under which part i is visited with share `shares[i]` (relative), its items equally. */
export function sourceWeights(parts: readonly Pick<Dataset, 'length'>[], shares: readonly number[]): Float64Array {
  if (shares.length !== parts.length) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `${parts.length} parts need as many shares, got ${shares.length}.`,
    );
  }
  const weights = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let start = 0;
  parts.forEach(({ length }, index) => {
    weights.fill(shares[index] / length, start, start + length);
    start += length;
  });
  return weights;
}

/**
 * Weights, `[dataset.length]`, under which classes are visited as often as they occur in `wanted`, the items of a class equally.
 * A class that `wanted` lacks is never visited.
 */
export function classFrequencyWeights(
  dataset: Pick<Dataset, 'classes' | 'labels'>,
  wanted: Pick<Dataset, 'classes' | 'labels'>,
): Float64Array {
  const have = itemsOfClasses(dataset).map((items) => items.length);
  const want = itemsOfClasses(wanted).map((items) => items.length);
  return Float64Array.from(dataset.labels, (label) => want[label] / have[label]);
}
