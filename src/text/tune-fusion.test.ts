import { describe, expect, it } from 'vitest';
import { Alphabet } from './alphabet.ts';
import type { CtcLanguageModel } from './ctc-prefix-beam.ts';
import { tuneFusion } from './tune-fusion.ts';

const alphabet = new Alphabet('ab');
/** Gives "a" 0.9 and "b" 0.1 anywhere. */
const languageModel: CtcLanguageModel = {
  start: 0,
  score: (_state, label) => Math.log(label === 1 ? 0.9 : 0.1),
  advance: () => 0,
  end: () => 0,
  trust: () => 1,
};

function line(reference: string, a: number, b: number) {
  const probabilities = [1 - a - b, a, b];
  return { logProbabilities: Float32Array.from(probabilities, Math.log), reference };
}

describe('tuneFusion', () => {
  it('finds weights between those that are too weak and those that are too strong', () => {
    // By hand: a bonus favours no label over another; the first line needs α · ln 9 > ln(0.5 / 0.3), so α > 0.2325,
    // the second α · ln 9 < ln(0.7 / 0.1), so α < 0.8856.
    const lines = [line('a', 0.3, 0.5), line('b', 0.1, 0.7)];
    const { cer, languageModelWeight } = tuneFusion(lines, alphabet, languageModel);
    expect(cer).toBe(0);
    expect(languageModelWeight).toBeGreaterThan(0.2325);
    expect(languageModelWeight).toBeLessThan(0.8856);
  });

  it('turns the model off where it only harms', () => {
    const lines = [line('b', 0.4, 0.5), line('b', 0.45, 0.46)];
    expect(tuneFusion(lines, alphabet, languageModel)).toMatchObject({ languageModelWeight: 0, cer: 0 });
  });

  it('refuses lines without text', () => {
    expect(() => tuneFusion([], alphabet, languageModel)).toThrow(/lines that have text/);
  });
});
