import { expect, test } from 'vitest';
import { Alphabet } from '../../text/alphabet.ts';
import { surpriseOf } from './surprise-of.ts';

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
