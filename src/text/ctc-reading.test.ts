import { describe, expect, it } from 'vitest';
import { shareGaps, textOf, wordsOf } from './ctc-reading.ts';
import { logAdd, logSoftmax } from './log-softmax.ts';

const at = (character: string, start: number, confidence = 1) => ({ character, start, end: start + 1, confidence });

describe('wordsOf', () => {
  it('gives the words between spaces with the product of confidences', () => {
    const reading = [at(' ', 0), at('a', 1, 0.5), at('b', 4, 0.5), at(' ', 6), at(' ', 7), at('c', 9, 0.9)];
    expect(textOf(reading)).toBe(' ab  c');
    expect(wordsOf(reading)).toEqual([
      { text: 'ab', confidence: 0.25, start: 1, end: 5, first: 1, last: 2 },
      { text: 'c', confidence: 0.9, start: 9, end: 10, first: 5, last: 5 },
    ]);
    expect(wordsOf([])).toEqual([]);
  });
});

describe('shareGaps', () => {
  it('lets neighbours meet halfway and covers the line', () => {
    const extents = shareGaps([at('a', 2), at('b', 6), at('c', 7)], 12).map(({ start, end }) => [start, end]);
    expect(extents).toEqual([
      [0, 4.5],
      [4.5, 7],
      [7, 12],
    ]);
    expect(shareGaps([], 5)).toEqual([]);
  });
});

describe('logSoftmax', () => {
  it('is log(exp(x) / sum) at any size of x, and leaves log-probabilities as they are', () => {
    const result = logSoftmax(Float32Array.of(1, 2, 3, 1000, 1000, 1000), 3);
    // scipy.special.log_softmax([1, 2, 3]) and log(1/3)
    const expected = [-2.407606, -1.407606, -0.407606, -1.0986123, -1.0986123, -1.0986123];
    expected.forEach((value, i) => expect(result[i]).toBeCloseTo(value, 5));
    logSoftmax(result, 3).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    expect(logSoftmax(Float32Array.of(1, 2), 2, 2)[0]).toBeCloseTo(-0.974077, 5);
  });

  it('refuses what is not finite', () => {
    expect(() => logSoftmax(Float32Array.of(0, 0, Number.NaN, 1), 2)).toThrow(/time step 1 are not finite/);
    expect(() => logSoftmax(Float32Array.of(1, 2), 2, 0)).toThrow(/temperature/);
  });
});

describe('logAdd', () => {
  it('adds probabilities', () => {
    expect(logAdd(Math.log(0.25), Math.log(0.5))).toBeCloseTo(Math.log(0.75), 12);
    expect(logAdd(-Infinity, -1)).toBe(-1);
    expect(logAdd(-1, -Infinity)).toBe(-1);
    expect(logAdd(-Infinity, -Infinity)).toBe(-Infinity);
  });
});
