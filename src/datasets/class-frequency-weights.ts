import type { Dataset } from './dataset.ts';
import { itemsOfClasses } from './split.ts';

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
