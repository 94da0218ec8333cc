import { TextRecognizerError } from '../../errors.ts';
import { Random } from '../../random/random.ts';

/** Which items an epoch visits. */
export interface EpochOrderOptions {
  readonly seed: number;
  readonly epoch: number;
  /** False visits items in their own order. */
  readonly shuffle: boolean;
  /** How often each item is visited, relative to the others, `[length]`; equal when absent. */
  readonly weights?: ArrayLike<number>;
  /** Items that an epoch visits; default all, once. */
  readonly itemsPerEpoch?: number;
}

/**
 * The items of one epoch, `[itemsPerEpoch]`: a pure function of its arguments. An item of relative weight w is visited ⌊nw⌋ or ⌈nw⌉
 * times, nw on average over the epochs (systematic resampling, Kitagawa 1996), so equal weights visit every item exactly once.
 */
export function epochOrder(length: number, options: EpochOrderOptions): Uint32Array {
  const { weights, itemsPerEpoch = length, shuffle } = options;
  const random = Random.of(options.seed, options.epoch);
  const order =
    weights === undefined && itemsPerEpoch === length
      ? Uint32Array.from({ length }, (_, item) => item)
      : resample(length, itemsPerEpoch, weights, random.uniform());
  return shuffle ? random.shuffle(order) : order;
}

/** Throws `INVALID_ARGUMENT` unless there is a finite weight of at least 0 per item, and one above 0. */
export function checkWeights(length: number, weights: ArrayLike<number>): void {
  if (weights.length !== length) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `${length} items need ${length} weights, got ${weights.length}.`);
  }
  let sum = 0;
  for (let i = 0; i < length; i++) {
    if (!(weights[i] >= 0)) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `The weight of item ${i} is ${weights[i]}; it must be at least 0.`,
      );
    }
    sum += weights[i];
  }
  if (sum > 0 && sum < Infinity) return;
  throw new TextRecognizerError('INVALID_ARGUMENT', `The weights add up to ${sum}; they need a finite sum above 0.`);
}

/** Item i as often as k + offset (k whole) falls between the scaled cumulative weights before and after it. */
function resample(length: number, count: number, weights: ArrayLike<number> | undefined, offset: number): Uint32Array {
  const order = new Uint32Array(count);
  const total = weights === undefined ? length : sum(weights);
  let taken = 0;
  let cumulative = 0;
  for (let item = 0; item < length; item++) {
    cumulative += weights?.[item] ?? 1;
    const until = (cumulative / total) * count;
    while (taken < count && taken + offset < until) order[taken++] = item;
  }
  return order;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
