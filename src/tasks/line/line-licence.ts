import { basename } from 'node:path';
import { readDatasetMetadata } from '../../datasets/dataset-metadata.ts';
import type { LineDataset } from '../../datasets/lines/line-dataset.ts';

/** What data sets of lines are called, and where their licence is in `data/`; longer names come first. */
const families: readonly (readonly [string, string])[] = [
  ['iam-ondb', 'iam-ondb'],
  ['iam', 'iam-lines'],
  ['emnist-lines', 'emnist-lines'],
  ['emnist-sample-lines', 'emnist-lines'],
  ['emnist-fields', 'emnist-lines'],
  ['font-lines', 'font-lines'],
  ['font-fields', 'font-lines'],
  ['copiste', 'copiste'],
  ['hooker', 'hooker'],
  ['peraire', 'peraire'],
];

/** The licence of a data set of lines, by its name or as its pack says; `unknown` rather than guessed. */
export function lineLicence({ name, licence = 'unknown' }: Pick<LineDataset, 'name' | 'licence'>): string {
  const family = families.find(([prefix]) => basename(name).startsWith(prefix));
  return family === undefined ? licence : readDatasetMetadata(family[1]).licence;
}
