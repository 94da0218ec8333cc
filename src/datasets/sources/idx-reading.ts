import { TextRecognizerError } from '../../errors.ts';
import { EMNIST_SPLITS } from './emnist-classes.ts';
import type { LabelClasses } from './guess-classes.ts';
import { hasIdxPair } from './load-idx-pair.ts';

/** What the labels of a file can mean: a split of EMNIST, or the letters A to Z counted from 0. */
export const IDX_LABELS: Readonly<Record<string, LabelClasses>> = {
  ...EMNIST_SPLITS,
  'letters-from-0': { classes: EMNIST_SPLITS.letters.classes, firstLabel: 0 },
};

/** How files of images are read where the guess is wrong; what is missing is guessed. */
export interface IdxReading {
  /** A key of `IDX_LABELS`. */
  readonly labels?: string;
  /** Whether rows and columns are exchanged in the file. */
  readonly transposed?: boolean;
}

/**
 * Splits `PREFIX,labels=letters,transposed=yes` into the prefix and how its files are read. Throws `INVALID_ARGUMENT` for labels or
 * a value that do not exist.
 */
export function parseIdxReading(text: string): { readonly prefix: string; readonly reading: IdxReading } {
  let prefix = text;
  const reading: { labels?: string; transposed?: boolean } = {};
  for (let match = lastPart(prefix); match; match = lastPart(prefix)) {
    const [part, key, value] = match;
    prefix = prefix.slice(0, -part.length);
    // From the end: the last part of a kind overrides the others, as a flag overrides what an experiment says.
    if (key === 'labels') reading.labels ??= oneOf(key, value, Object.keys(IDX_LABELS));
    else reading.transposed ??= oneOf(key, value, ['yes', 'no']) === 'yes';
  }
  return { prefix, reading };
}

/**
 * `names` of data sets in which every prefix of idx files and every CSV file has `reading` behind it, as `parseIdxReading` reads it.
 * Throws `INVALID_ARGUMENT` where `reading` says something and there are none.
 */
export function withIdxReading(names: readonly string[], reading: IdxReading): readonly string[] {
  if (reading.labels === undefined && reading.transposed === undefined) return names;
  if (names.some(isImages)) return names.map((name) => (isImages(name) ? withParts(name, reading) : name));
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `Labels and transposition are set for idx or CSV files only; given ${names.join(', ') || 'no data set'}.`,
  );
}

function isImages(name: string): boolean {
  const { prefix } = parseIdxReading(name);
  return hasIdxPair(prefix) || /\.csv$/i.test(prefix);
}

function withParts(name: string, { labels, transposed }: IdxReading): string {
  const parts = [name];
  if (labels !== undefined) parts.push(`labels=${labels}`);
  if (transposed !== undefined) parts.push(`transposed=${transposed ? 'yes' : 'no'}`);
  return parts.join(',');
}

function lastPart(text: string): RegExpExecArray | null {
  return /,(labels|transposed)=([^,\\/]*)$/.exec(text);
}

function oneOf(key: string, value: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value;
  throw new TextRecognizerError('INVALID_ARGUMENT', `There is no ${key}=${value}; there is ${choices.join(', ')}.`);
}
