import { TextRecognizerError } from '../../errors.ts';
import { Random } from '../../random/random.ts';
import { sentenceKey } from '../lines/without-overlap.ts';

/** How sentences become the texts of lines. */
export interface CutTextsOptions {
  /** How many texts to make. */
  readonly count: number;
  /** Most code points of a text; a text ends at a word boundary. */
  readonly maxLength: number;
  /** Fewest code points that a text should aim at. Default 1. */
  readonly minLength?: number;
  /** Default 42. */
  readonly seed?: number;
  /** Texts whose `sentenceKey` is among these are not cut: they belong to another part of a split. */
  readonly avoid?: ReadonlySet<string>;
}

/**
 * Cuts lines' texts of random lengths out of `sentences` (trimmed, one space between words): each text is a run of whole
 * words of one sentence, of at most `maxLength` code points. Longer words than that are skipped.
 * Throws `INVALID_ARGUMENT` when no sentence has a word short enough.
 */
export function cutTexts(sentences: readonly string[], options: CutTextsOptions): string[] {
  const { count, maxLength, minLength = 1, seed = 42, avoid = new Set() } = options;
  if (!Number.isInteger(count) || count < 0 || !(minLength >= 1 && minLength <= maxLength)) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Texts cannot be cut: count ${count}, length from ${minLength} to ${maxLength}.`,
    );
  }
  const words = sentences.map((sentence) => sentence.split(/\s+/u).filter((word) => word !== ''));
  const usable = words.filter((run) => run.some((word) => lengthOf(word) <= maxLength));
  if (usable.length === 0 && count > 0) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `None of the ${sentences.length} sentences has a word of at most ${maxLength} characters to make a line of.`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const random = Random.of(seed, index);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const text = cutOne(usable, minLength, maxLength, random);
      const key = sentenceKey(text);
      if (key === undefined || !avoid.has(key)) return text;
    }
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `All texts cut from ${usable.length} sentences are to be avoided.`,
    );
  });
}

/** So many texts in a row to be avoided mean that there are no others. */
const MAX_ATTEMPTS = 100;

function cutOne(sentences: readonly string[][], minLength: number, maxLength: number, random: Random): string {
  const goal = minLength + random.below(maxLength - minLength + 1);
  const words = sentences[random.below(sentences.length)];
  let start = random.below(words.length);
  while (lengthOf(words[start]) > maxLength) start = (start + 1) % words.length;
  let text = words[start];
  for (const word of words.slice(start + 1)) {
    if (lengthOf(text) >= goal || lengthOf(text) + 1 + lengthOf(word) > maxLength) break;
    text += ` ${word}`;
  }
  return text;
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
