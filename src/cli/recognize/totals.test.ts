import { expect, test } from 'vitest';
import { sampleReading } from '../../formats/testing/sample-reading.ts';
import { figuresOf, Totals } from './totals.ts';

test('figures of a page: the mean of 0.96, 0.5 and 0.875', () => {
  const { lines } = sampleReading;
  expect(figuresOf({ ...sampleReading, lines: lines.slice(0, 1) })).toEqual({ lines: 1, words: 3, confidence: 0.7783 });
  expect(figuresOf({ ...sampleReading, lines: [] })).toEqual({ lines: 0, words: 0 });
});

test('sums, with the mean over all words and the first failures by name', () => {
  const totals = new Totals();
  totals.add({ lines: 1200, words: 3, confidence: 0.5 });
  totals.add({ lines: 1, words: 1, confidence: 0.9 }, true);
  totals.add({ lines: 0, words: 0 });
  for (let i = 1; i <= 22; i++) totals.fail(`p${i}`);
  const names = Array.from({ length: 20 }, (_, i) => `p${i + 1}`).join(', ');
  expect(String(totals)).toBe(
    `3 pages read (1 of them before): 1,201 lines, 4 words, mean confidence 60.0 %.\n22 failures: ${names}, 2 more.`,
  );
  expect([totals.pages, totals.failures]).toEqual([3, 22]);
});
