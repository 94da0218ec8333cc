import type { Alphabet } from '../../text/alphabet.ts';
import type { CtcLanguageModel } from '../../text/ctc-prefix-beam.ts';

/** How little a language model expects a line: bits by character, its end included; undefined for a line without characters of the alphabet. */
export function surpriseOf(text: string, alphabet: Alphabet, model: CtcLanguageModel): number | undefined {
  const labels = alphabet.encode(text, 'drop');
  let [state, logProbability] = [model.start, 0];
  for (const label of labels) {
    logProbability += model.score(state, label);
    state = model.advance(state, label);
  }
  return labels.length === 0 ? undefined : -(logProbability + model.end(state)) / labels.length / Math.LN2;
}
