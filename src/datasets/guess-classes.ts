import { basename } from 'node:path';
import { EMNIST_SPLITS } from './emnist-classes.ts';

/** The classes of labels, in order, and the label of the first. */
export interface LabelClasses {
  readonly classes: readonly string[];
  readonly firstLabel: number;
}

/**
 * What labels mean in files whose name does not say it: all of 1 to 26 are EMNIST Letters, all of 0 to 25 the alphabet where the name
 * speaks of letters or A–Z, others are those of ByClass.
 */
export function guessClasses(labels: Uint8Array, path: string): LabelClasses {
  const found = new Set(labels);
  const hasAll = (first: number) =>
    found.size === 26 && Array.from({ length: 26 }, (_, i) => first + i).every((label) => found.has(label));
  const { letters, byclass } = EMNIST_SPLITS;
  if (hasAll(1)) return letters;
  if (hasAll(0) && /letter|a[-_ ]?(?:to[-_ ]?)?z(?![a-z])/i.test(basename(path))) return { ...letters, firstLabel: 0 };
  return byclass;
}
