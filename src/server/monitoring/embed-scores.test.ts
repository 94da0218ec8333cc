import { expect, test } from 'vitest';
import { embedScores } from './embed-scores.ts';

test('an embedding is the same in every process, and linear in the scores', () => {
  const once = embedScores(Float64Array.of(1, 2, 3));
  expect(once).toHaveLength(16);
  expect(embedScores(Float64Array.of(2, 4, 6))).toEqual(once.map((value) => 2 * value));
  // As first computed: another projection would void every reference that was made.
  expect(Array.from(once.slice(0, 3)).map((value) => Number(value.toFixed(6)))).toEqual([
    -2.060468, 2.818753, -0.701188,
  ]);
});

test('distances are kept on the whole', () => {
  // Johnson–Lindenstrauss: the mean squared length over many vectors is that of the vectors.
  const lengths = Array.from({ length: 62 }, (_, c) => {
    const scores = new Float64Array(62);
    scores[c] = Math.sqrt(62);
    return embedScores(scores).reduce((sum, value) => sum + value * value, 0) / 16;
  });
  expect(lengths.reduce((sum, value) => sum + value, 0) / 62).toBeCloseTo(1, 0);
});
