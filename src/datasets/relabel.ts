import { TextRecognizerError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { checkClasses } from './memory-dataset.ts';
import { toShared } from './shared-memory.ts';

/**
 * `dataset` under other classes: label `l` becomes `table[l]`. To widen a set of classes or to merge some.
 * Throws `DATASET_INVALID` when the table does not lead every old label to a new class.
 */
export function relabel(
  dataset: Dataset,
  classes: readonly string[],
  table: readonly number[],
  name = dataset.name,
): Dataset {
  checkClasses(name, classes);
  checkTable(name, dataset.classes.length, classes.length, table);

  const { length, height, width, read } = dataset;
  const labels = toShared(Uint8Array.from(dataset.labels, (label) => table[label]));
  const source = { kind: 'relabel', name, base: dataset.source, classes, table } as const;
  return { name, classes, length, height, width, labels, read, source };
}

function checkTable(name: string, oldCount: number, newCount: number, table: readonly number[]): void {
  const isLabel = (label: number) => Number.isInteger(label) && label >= 0 && label < newCount;
  if (table.length === oldCount && table.every(isLabel)) return;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${name}: relabelling needs a table of ${oldCount} labels from 0 to ${newCount - 1}, got [${table.join(', ')}].`,
  );
}
