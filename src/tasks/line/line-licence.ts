import { basename } from 'node:path';
import { readDatasetMetadata } from '../../datasets/dataset-metadata.ts';

/** What data sets of lines are called, and where their licence stands in `data/`; longer names come first. */
const families: readonly (readonly [string, string])[] = [
  ['iam-ondb', 'iam-ondb'],
  ['iam', 'iam-lines'],
  ['emnist-lines', 'emnist-lines'],
  ['font-lines', 'font-lines'],
  ['copiste', 'copiste'],
  ['hooker', 'hooker'],
  ['peraire', 'peraire'],
];

/** The licence of a data set of lines by its name; said to be unknown rather than guessed. */
export function lineLicence(name: string): string {
  const family = families.find(([prefix]) => basename(name).startsWith(prefix));
  return family === undefined ? 'unknown' : readDatasetMetadata(family[1]).licence;
}

/** Data for research alone makes weights for research alone. */
export function weightsLicence(datasets: readonly string[]): string {
  const isRestricted = datasets.some((name) => /non-commercial/i.test(lineLicence(name)));
  return isRestricted ? 'Non-commercial research only, as the data sets below demand' : 'MIT';
}
