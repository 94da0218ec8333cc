import { describe, expect, it } from 'vitest';
import { Alphabet } from '../alphabet.ts';
import type { CtcLanguageModel } from '../ctc-prefix-beam.ts';
import { decodeLine } from '../decode-line.ts';
import { preferWords } from './prefer-words.ts';

const alphabet = new Alphabet(' abcdeorz');

/** Every character is as probable as any other, whatever came before. */
const uniform: CtcLanguageModel = {
  start: 7,
  score: () => Math.log(1 / 9),
  advance: (_, label) => 100 + label,
  end: (state) => -state,
  trust: (state) => (state === 7 ? 0.5 : 1),
};

/** p of each character of a text in turn. */
function probabilities(model: CtcLanguageModel, text: string): number[] {
  let state = model.start;
  return Array.from(alphabet.encode(text), (label) => {
    const p = Math.exp(model.score(state, label));
    state = model.advance(state, label);
    return Number(p.toFixed(4));
  });
}

describe('preferWords', () => {
  const model = preferWords(['abc', 'abd', 'zero zoo', 'ab'], alphabet)(uniform);

  it('mixes the shares of the words that continue with what the model says', () => {
    // Five words, of which abc, abd and ab begin with a: 0.8 / 9 + 0.2 · 3/5. Then ab is sure: 0.3 / 9 + 0.7.
    // Of the three one continues with c: 0.3 / 9 + 0.7 / 3; one ends: the same for a space.
    expect(probabilities(model, 'abc')).toEqual([0.2089, 0.7333, 0.2667]);
    expect(probabilities(model, 'ab ')).toEqual([0.2089, 0.7333, 0.2667]);
    // After abc the word must end; no word continues with e, nor does anything after it count.
    expect(probabilities(model, 'abc ')[3]).toBe(0.7333);
    expect(probabilities(model, 'abea')).toEqual([0.2089, 0.7333, 0.0333, 0.1111]);
  });

  it('begins again with every word, and takes entries of several words apart', () => {
    expect(probabilities(model, 'e zoo')).toEqual([0.0889, 0.1111, 0.1689, 0.3833, 0.7333]);
  });

  it('leaves the end and the trust to the model', () => {
    expect(model.end(model.advance(model.start, 3))).toBe(-103);
    expect(model.trust(model.start, 1)).toBe(0.5);
    expect(model.trust(model.advance(model.start, 1), 1)).toBe(1);
  });

  it('makes a reader prefer a word of the list to one that looks a little more like the ink', () => {
    const step = (...likely: [string, number][]) => {
      const chances = new Map(likely);
      return ['', ...alphabet.characters].map((character) => Math.log(chances.get(character) ?? 0.01));
    };
    const steps = [step(['z', 0.9]), step(['e', 0.9]), step(['c', 0.6], ['r', 0.3]), step(['o', 0.9])];
    const scores = Float32Array.from(steps.flat());
    const [plain, preferring] = [
      { ...uniform, end: () => 0 },
      { ...model, end: () => 0 },
    ];
    const options = { decoder: 'lm', languageModelWeight: 1, lengthBonus: 0 } as const;
    expect(decodeLine(scores, alphabet, { ...options, languageModel: plain }).text).toBe('zeco');
    expect(decodeLine(scores, alphabet, { ...options, languageModel: preferring }).text).toBe('zero');
  });

  it('refuses an empty list and what cannot be read', () => {
    expect(() => preferWords([' '], alphabet)).toThrow(/one entry a line/);
    expect(() => preferWords(['Ω'], alphabet)).toThrow(/lacks "Ω"/);
  });
});
