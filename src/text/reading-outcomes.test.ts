import { describe, expect, it } from 'vitest';
import { characterOutcomes, wordOutcomes } from './reading-outcomes.ts';

/** A decoding of words with one confidence per word, and of its characters with the same. */
function decoding(...words: [string, number][]) {
  const characters = words.flatMap(([word, confidence], i) => {
    const spaced = i === 0 ? word : ` ${word}`;
    return [...spaced].map((character) => ({ character, confidence, start: 0, end: 1, alternatives: [] }));
  });
  const text = words.map(([word]) => word).join(' ');
  const readings = words.map(([text, confidence]) => ({ text, confidence, start: 0, end: 1 }));
  return { text, confidence: 1, characters, words: readings, alternatives: [] };
}

describe('outcomes', () => {
  const lines = [
    [decoding(['a', 0.9], ['cot', 0.4]), 'a cat'],
    [decoding(['so', 0.8]), 'oh so'],
  ] as const;

  it('say which words were read as written', () => {
    expect(wordOutcomes(lines)).toEqual({ confidences: [0.9, 0.4, 0.8], correct: [true, false, true] });
  });

  it('say which characters were read as written', () => {
    expect(characterOutcomes(lines)).toEqual({
      confidences: [0.9, 0.4, 0.4, 0.4, 0.4, 0.8, 0.8],
      correct: [true, true, true, false, true, true, true],
    });
    expect(characterOutcomes([[decoding(), 'lost']])).toEqual({ confidences: [], correct: [] });
  });
});
