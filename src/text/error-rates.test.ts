import { describe, expect, it } from 'vitest';
import {
  characterErrorRate,
  lengthBand,
  lineMetrics,
  lineMetricsBy,
  meanLineAccuracy,
  wordErrorRate,
} from './error-rates.ts';

// jiwer's own example: WER 0.5, CER 5/11 = 0.4545…
const jiwer = { reference: 'hello world', hypothesis: 'hello duck' };
const french = { reference: 'été', hypothesis: 'e\u0301te', writer: 'b' };
const exact = { reference: 'a b c', hypothesis: 'a  b c', writer: 'a' };

describe('error rates', () => {
  it('match jiwer for its example', () => {
    expect(wordErrorRate([jiwer])).toEqual({ edits: 1, length: 2, rate: 0.5 });
    expect(characterErrorRate([jiwer])).toEqual({ edits: 5, length: 11, rate: 5 / 11 });
  });

  it('are micro averages over lines', () => {
    // Characters: 5 + 1 + 1 edits of 11 + 3 + 5; words: 1 + 1 + 0 of 2 + 1 + 3.
    expect(characterErrorRate([jiwer, french, exact])).toEqual({ edits: 7, length: 19, rate: 7 / 19 });
    expect(wordErrorRate([jiwer, french, exact])).toEqual({ edits: 2, length: 6, rate: 1 / 3 });
  });

  it('give the mean line accuracy unclipped', () => {
    expect(meanLineAccuracy([french, { reference: 'a', hypothesis: 'bcd' }])).toBeCloseTo((2 / 3 - 2) / 2, 12);
    expect(meanLineAccuracy([{ reference: '', hypothesis: '' }])).toBe(1);
    expect(meanLineAccuracy([{ reference: '', hypothesis: 'x' }])).toBe(0);
  });

  it('can be grouped', () => {
    const byWriter = lineMetricsBy([french, exact], ({ writer }) => writer ?? '');
    expect([...byWriter.keys()]).toEqual(['a', 'b']);
    expect(byWriter.get('b')?.cer.rate).toBeCloseTo(1 / 3, 12);
    const lines = ['abc', 'a'.repeat(9), 'a'.repeat(10), 'a'.repeat(105)];
    const byLength = lineMetricsBy(
      lines.map((reference) => ({ reference, hypothesis: reference })),
      lengthBand,
    );
    expect([...byLength].map(([name, { lines }]) => [name, lines])).toEqual([
      ['0–9', 2],
      ['10–19', 1],
      ['100–109', 1],
    ]);
  });

  it('refuse sets without anything to measure', () => {
    expect(() => lineMetrics([])).toThrow(/one or more lines/);
    expect(() => lineMetrics([{ reference: '', hypothesis: 'a' }])).toThrow(/all 1 lines are empty/);
  });

  it('count whole lines', () => {
    expect(lineMetrics([jiwer, { reference: 'a', hypothesis: 'a' }]).exact).toBe(0.5);
  });
});
