import { basename } from 'node:path';
import { EMNIST_SPLITS } from './emnist-classes.ts';

/** The classes of labels, in order, and the label of the first. */
export interface LabelClasses {
  readonly classes: readonly string[];
  readonly firstLabel: number;
}

/**
 * What labels mean in files whose name does not say it. Labels from 1 to 26 at most, and more than digits, are EMNIST Letters: nothing
 * else leaves out 0 and all small letters. Labels from 0 to 25 are the alphabet where the name speaks of letters or A–Z. Others, and
 * all in files with `byclass` in their name, are those of ByClass.
 */
export function guessClasses(labels: Uint8Array, path: string): LabelClasses {
  const { letters, byclass } = EMNIST_SPLITS;
  const name = basename(path);
  const [least, most] = labels.reduce(([a, b], label) => [Math.min(a, label), Math.max(b, label)], [255, 0]);
  const saysLetters = /letter|a[-_ ]?(?:to[-_ ]?)?z(?![a-z])/i.test(name);
  if (/by_?class/i.test(name)) return byclass;
  if (least >= 1 && most <= 26 && (most > 9 || saysLetters)) return letters;
  return most <= 25 && saysLetters ? { ...letters, firstLabel: 0 } : byclass;
}
