import type { Alternative } from './alternative.ts';

/** Alternatives less probable than this are noise. */
const LEAST = 0.001;

/**
 * The words of a line with what each may be instead, best first: the word at its place in the other hypotheses of as many words,
 * by the sum of their confidences, scaled so that with the word's own confidence they sum to at most 1.
 */
export function wordAlternatives<Word extends Alternative>(
  words: readonly Word[],
  others: readonly Alternative[],
  most = 3,
): (Word & { readonly alternatives: readonly Alternative[] })[] {
  const sums = words.map(() => new Map<string, number>());
  for (const { text, confidence } of others) {
    const texts = text.split(' ').filter((word) => word !== '');
    if (texts.length !== words.length) continue;
    for (const [i, word] of texts.entries()) {
      if (word !== words[i].text) sums[i].set(word, (sums[i].get(word) ?? 0) + confidence);
    }
  }
  return words.map((word, i) => ({ ...word, alternatives: scaled(sums[i], 1 - word.confidence, most) }));
}

/** The likeliest of some texts, their confidences together at most `room`. */
function scaled(sums: ReadonlyMap<string, number>, room: number, most: number): Alternative[] {
  const likely = Array.from(sums, ([text, confidence]) => ({ text, confidence }))
    .filter(({ confidence }) => confidence >= LEAST)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, most);
  const total = likely.reduce((sum, { confidence }) => sum + confidence, 0);
  const scale = Math.min(1, Math.max(0, room) / Math.max(total, LEAST));
  return likely.map(({ text, confidence }) => ({ text, confidence: confidence * scale }));
}
