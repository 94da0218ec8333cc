import { TextRecognizerError } from '../errors.ts';
import { Random } from '../random/random.ts';
import type { Dataset } from './dataset.ts';
import { subset } from './subset.ts';

/** The two disjoint parts of a dataset that together hold all its items. */
export interface Split {
  readonly train: Dataset;
  readonly validation: Dataset;
}

/**
 * Splits `dataset` so that `fraction` (0 to 1, exclusive) of every class goes to `validation`: stratified, the same for the same
 * seed. A class of two or more items is in both parts. Items keep their order.
 */
export function splitDataset(dataset: Dataset, fraction: number, seed: number): Split {
  if (!(fraction > 0 && fraction < 1)) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `A split needs a fraction between 0 and 1, got ${fraction}.`);
  }
  const held = new Uint8Array(dataset.length);
  itemsOfClasses(dataset).forEach((items, label) => {
    const count = heldCount(items.length, fraction);
    for (const item of Random.of(seed, label).shuffle(items).slice(0, count)) held[item] = 1;
  });

  const train: number[] = [];
  const validation: number[] = [];
  held.forEach((isHeld, item) => (isHeld ? validation : train).push(item));
  return {
    train: subset(dataset, train, `${dataset.name}[train]`),
    validation: subset(dataset, validation, `${dataset.name}[validation]`),
  };
}

/** The items of each class, `[class][…]`, in order. */
export function itemsOfClasses(dataset: Pick<Dataset, 'classes' | 'labels'>): number[][] {
  const items: number[][] = dataset.classes.map(() => []);
  dataset.labels.forEach((label, item) => items[label].push(item));
  return items;
}

function heldCount(count: number, fraction: number): number {
  if (count < 2) return 0;
  return Math.min(count - 1, Math.max(1, Math.round(count * fraction)));
}
