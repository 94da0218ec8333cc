import { expect, test } from 'vitest';
import { Alphabet } from '../../text/alphabet.ts';
import { meanEntropy } from './mean-entropy.ts';
import { surpriseOf } from './surprise-of.ts';

test('entropy is that of the steps which have characters, in bits', () => {
  // A half and two quarters have 1.5 bits; logits may be off by a constant.
  const scores = Float32Array.from([0.5, 0.25, 0.25, 1, 1e-9, 1e-9, 1 / 3, 1 / 3, 1 / 3].map((p) => Math.log(p) + 7));
  const bits = (...spans: [start: number, end: number][]) =>
    meanEntropy(
      scores,
      3,
      spans.map(([start, end]) => ({ start, end })),
    );
  expect(bits([0, 1])).toBeCloseTo(1.5, 5);
  expect(bits([0, 2])).toBeCloseTo(0.75, 5);
  expect(bits([0, 1], [2, 3])).toBeCloseTo((1.5 + Math.log2(3)) / 2, 5);
  expect(bits()).toBeUndefined();
});

test('surprise is in bits by character, with the end', () => {
  // Four characters, all as likely, after which a line ends half of the time.
  const model = {
    start: 0,
    score: () => Math.log(1 / 4),
    advance: (state: number) => state + 1,
    end: () => Math.log(1 / 2),
    trust: () => 1,
  };
  const alphabet = new Alphabet('abcd');
  expect(surpriseOf('ab', alphabet, model)).toBeCloseTo((2 + 2 + 1) / 2, 9);
  expect(surpriseOf('', alphabet, model)).toBeUndefined();
});
