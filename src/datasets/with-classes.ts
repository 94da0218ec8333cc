import { TextRecognizerError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { relabel } from './relabel.ts';

/** `dataset` with its labels among `classes`, matched by name, never by number; throws DATASET_INVALID for a class that is not there. */
export function withClasses(dataset: Dataset, classes: readonly string[]): Dataset {
  if (dataset.classes.join('\0') === classes.join('\0')) return dataset;
  const table = dataset.classes.map((name) => classes.indexOf(name));
  const missing = dataset.classes.filter((_, label) => table[label] < 0);
  if (missing.length === 0) return relabel(dataset, classes, table);
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `Data set '${dataset.name}' has classes that the model does not know: ${missing.join(' ')}.`,
  );
}
