import { TextRecognizerError } from '../errors.ts';
import { Random } from '../random/random.ts';
import type { Dataset } from './dataset.ts';
import { itemsOfClasses } from './split.ts';
import { subset } from './subset.ts';

/** How to balance. */
export interface BalanceOptions {
  /** Most items of a class; default the mean count of the classes that have any, rounded down. */
  readonly perClass?: number;
  /** Default 42. */
  readonly seed?: number;
}

/**
 * A subset with at most `perClass` items of each class, drawn without replacement, in the order of `dataset`; rare classes keep all
 * they have. For training data, once validation data are split off: what is measured should keep the frequencies of its source.
 */
export function sampleToBalance(dataset: Dataset, options: BalanceOptions = {}): Dataset {
  const classes = itemsOfClasses(dataset);
  const { perClass = meanCount(classes), seed = 42 } = options;
  if (!Number.isInteger(perClass) || perClass < 1) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `perClass must be a whole number from 1, got ${perClass}.`);
  }
  const items = classes.flatMap((all, label) => Random.of(seed, label).shuffle(all).slice(0, perClass));
  return subset(
    dataset,
    items.sort((a, b) => a - b),
    `${dataset.name}[balanced]`,
  );
}

function meanCount(classes: readonly (readonly number[])[]): number {
  const counts = classes.map(({ length }) => length).filter((count) => count > 0);
  return Math.max(1, Math.floor(counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length)));
}
