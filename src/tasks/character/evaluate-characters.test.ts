import { expect, test } from 'vitest';
import { scoreLogits } from './evaluate-characters.ts';

const classes = ['0', 'O', 'o', 'a'];

/** Right; wrong in case; wrong among look-alikes; wrong. A probability's logarithm is a logit for it. */
const probabilities = [
  [0.7, 0.1, 0.1, 0.1],
  [0.2, 0.3, 0.4, 0.1],
  [0.6, 0.1, 0.2, 0.1],
  [0.25, 0.15, 0.5, 0.1],
];
const logits = Float32Array.from(probabilities.flat(), Math.log);
const dataset = { classes, labels: Uint8Array.of(0, 1, 2, 3) };

test('counts what is right, exactly and with classes merged', () => {
  const score = scoreLogits(logits, dataset, 1);
  expect(score).toMatchObject({ count: 4, accuracy: 0.25, accuracyCaseMerged: 0.5, accuracyLookAlikesMerged: 0.75 });
  // By label: 0 → 0, O → o, o → 0, a → o.
  expect([...score.confusion]).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0]);
});

test('measures loss and calibration', () => {
  const score = scoreLogits(logits, dataset, 1);
  // −(ln 0.7 + ln 0.3 + ln 0.2 + ln 0.1) / 4
  expect(score.loss).toBeCloseTo(1.3681677, 6);
  // Every confidence is alone in its bin: (|1 − 0.7| + 0.4 + 0.6 + 0.5) / 4
  expect(score.calibrationError).toBeCloseTo(0.45, 6);
});

test('the temperature changes confidences, not what is read', () => {
  const score = scoreLogits(logits, dataset, 2);
  expect(score.accuracy).toBe(0.25);
  // With every probability replaced by its square root, normalised (computed in Python).
  expect(score.loss).toBeCloseTo(1.3113554, 6);
  expect(score.calibrationError).toBeCloseTo(0.4111505, 6);
});

test('logits too large for exp do not overflow', () => {
  const score = scoreLogits(Float32Array.of(1e4, 0, 0, -1e4), { classes, labels: Uint8Array.of(0) }, 1);
  expect(score).toMatchObject({ accuracy: 1, loss: 0, calibrationError: 0 });
});
