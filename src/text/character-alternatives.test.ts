import { expect, test } from 'vitest';
import { Alphabet } from './alphabet.ts';
import { characterAlternatives } from './character-alternatives.ts';

const alphabet = new Alphabet('abcd');
// Blank, a, b, c, d; the second step is the stronger one for c.
const steps = [
  [0.1, 0.6, 0.2, 0.0996, 0.0004],
  [0.1, 0.5, 0.1, 0.2996, 0.0004],
];
const logProbabilities = Float32Array.from(steps.flat(), Math.log);
const reading = { character: 'a', start: 0, end: 2 };

test('gives the other classes by their highest probability, without the blank and what is next to impossible', () => {
  const others = characterAlternatives(logProbabilities, alphabet, { ...reading, confidence: 0.5 });
  expect(others.map(({ text }) => text)).toEqual(['c', 'b']);
  // 0.2996 and 0.2 sum to less than the half that is left: they stay as they are.
  expect(others[0].confidence).toBeCloseTo(0.2996, 5);
  expect(others[1].confidence).toBeCloseTo(0.2, 5);
});

test('shares what the character leaves', () => {
  const others = characterAlternatives(logProbabilities, alphabet, { ...reading, confidence: 0.9 });
  // 0.1 shared as 0.2996 to 0.2.
  expect(others[0].confidence).toBeCloseTo(0.05997, 4);
  expect(others[1].confidence).toBeCloseTo(0.04003, 4);
  expect(characterAlternatives(logProbabilities, alphabet, { ...reading, confidence: 1 })[0].confidence).toBe(0);
});

test('looks only where the character is, and gives no more than asked', () => {
  const first = characterAlternatives(logProbabilities, alphabet, { ...reading, end: 1, confidence: 0.5 }, 1);
  expect(first).toEqual([{ text: 'b', confidence: expect.closeTo(0.2, 5) }]);
});
