import { describe, expect, it } from 'vitest';
import { Alphabet } from './alphabet.ts';
import { textConstraint } from './constraints/text-constraint.ts';
import { decodeLine } from './decode-line.ts';
import { LanguageModel } from './language-model/language-model.ts';
import { trainLanguageModel } from './language-model/train-language-model.ts';

const alphabet = new Alphabet(' acehot');

/** Log-probabilities with `p` for each named class and the rest shared. */
function scoresOf(...steps: Record<string, number>[]): Float32Array {
  const rows = steps.map((step) => {
    const given = Object.values(step).reduce((sum, p) => sum + p, 0);
    const rest = (1 - given) / (alphabet.size - Object.keys(step).length);
    return ['-', ...alphabet.characters].map((character) => Math.log(step[character] ?? rest));
  });
  return Float32Array.from(rows.flat());
}

// "the c?t" where the network takes the "a" for an "o", and a blank is at the end.
const scores = scoresOf(
  { t: 0.9 },
  { h: 0.9 },
  { e: 0.9 },
  { '-': 0.9 },
  { ' ': 0.9 },
  { c: 0.9 },
  { c: 0.8 },
  { o: 0.5, a: 0.4 },
  { t: 0.9 },
  { '-': 0.9 },
);
const tree = trainLanguageModel(['the cat ate the hat', 'the cat'], { alphabet, order: 4 });
const languageModel = new LanguageModel(tree).forCtc(alphabet);

describe('decodeLine', () => {
  it('reads greedily, with words and their extents', () => {
    const { text, words, characters, confidence, alternatives } = decodeLine(scores, alphabet);
    expect(text).toBe('the cot');
    expect(words.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['the', 0, 3],
      ['cot', 5, 9],
    ]);
    expect(words[0].confidence).toBeCloseTo(0.729, 5);
    expect(words[1].confidence).toBeCloseTo(0.9 * 0.5 * 0.9, 5);
    expect(characters[5].confidence).toBeCloseTo(0.5, 5);
    // The words' confidences, "the" and "cot", multiplied.
    expect(confidence).toBeCloseTo(0.9 ** 3 * (0.9 * 0.5 * 0.9), 5);
    expect(alternatives).toEqual([]);
  });

  it('gives the alternatives of a beam, and less confidence where they differ', () => {
    const { text, alternatives, characters } = decodeLine(scores, alphabet, { decoder: 'beam', alternatives: 2 });
    expect(text).toBe('the cot');
    expect(alternatives).toHaveLength(2);
    expect(alternatives[0].text).toBe('the cat');
    expect(characters[5].confidence).toBeLessThan(0.6);
    expect(characters[0].confidence).toBeGreaterThan(0.85);
  });

  it('corrects with a language model', () => {
    const { text, characters, words } = decodeLine(scores, alphabet, { languageModel });
    expect(text).toBe('the cat');
    expect(characters.map(({ start, end }) => [start, end])[5]).toEqual([7, 8]);
    expect(words[1]).toMatchObject({ text: 'cat', start: 5, end: 9 });
  });

  it('calibrates confidences', () => {
    const { characters, words } = decodeLine(scores, alphabet, {
      calibrateCharacter: (confidence) => confidence / 2,
      calibrateWord: () => 0.25,
    });
    expect(characters[0].confidence).toBeCloseTo(0.45, 5);
    expect(words.map(({ confidence }) => confidence)).toEqual([0.25, 0.25]);
  });

  it('reads an empty line as nothing', () => {
    const nothing = { text: '', characters: [], words: [], alternatives: [] };
    for (const decoder of ['greedy', 'beam', 'lm'] as const) {
      const options = { decoder, languageModel, alternatives: 0 };
      expect(decodeLine(new Float32Array(0), alphabet, options)).toMatchObject({ ...nothing, confidence: 1 });
    }
  });

  it('refuses a decoder without its model', () => {
    expect(() => decodeLine(scores, alphabet, { decoder: 'lm' })).toThrow(/needs a language model/);
  });

  it('keeps to a constraint, and is less sure the less it fits', () => {
    const constrained = (pattern: string) =>
      decodeLine(scores, alphabet, { constraint: textConstraint({ pattern }, alphabet) });
    const fitting = constrained('the c.t');
    expect(fitting.text).toBe('the cot');
    expect(fitting.alternatives[0].text).toBe('the cat');
    expect(fitting.confidence).toBeGreaterThan(0.4);
    const other = constrained('the hat');
    expect(other.text).toBe('the hat');
    expect(other.confidence).toBeLessThan(0.2);
    expect(other.words.map(({ text }) => text)).toEqual(['the', 'hat']);
  });

  it('reads nothing where no text that keeps to the constraint is short enough', () => {
    const constraint = textConstraint({ pattern: 'a{40}' }, alphabet);
    expect(decodeLine(scores, alphabet, { constraint })).toEqual({
      text: '',
      confidence: 0,
      characters: [],
      words: [],
      alternatives: [],
    });
  });

  it('refuses to decode greedily under a constraint', () => {
    const constraint = textConstraint({ pattern: 'a' }, alphabet);
    expect(() => decodeLine(scores, alphabet, { decoder: 'greedy', constraint })).toThrow(/decode with "beam" or "lm"/);
  });
});
