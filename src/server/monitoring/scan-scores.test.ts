import { expect, test } from 'vitest';
import { scanScores } from './scan-scores.ts';

test('a scan gives the best path, the mean of each class, and the summed entropy, in bits', () => {
  // A half and two quarters have 1.5 bits, three thirds log2(3); logits may be off by a constant.
  const steps = [
    [0.5, 0.25, 0.25],
    [1e-9, 1, 1e-9],
    [1 / 3, 1 / 3, 1 / 3],
    [0.2, 0.3, 0.5],
  ];
  const { path, means, entropy } = scanScores(Float32Array.from(steps.flat().map((p) => Math.log(p) + 7)), 3);
  expect([...path]).toEqual([0, 1, 0, 2]);
  // −(0.2 log2 0.2 + 0.3 log2 0.3 + 0.5 log2 0.5) is 1.48548.
  expect(entropy).toBeCloseTo(1.5 + Math.log2(3) + 1.48548, 4);
  const meanOf = (c: number) => 7 + steps.reduce((sum, step) => sum + Math.log(step[c]), 0) / 4;
  [0, 1, 2].forEach((c) => expect(means[c]).toBeCloseTo(meanOf(c), 4));
});

test('without steps there is nothing', () => {
  expect(scanScores(new Float32Array(0), 3)).toMatchObject({ path: new Uint16Array(0), entropy: 0 });
});
