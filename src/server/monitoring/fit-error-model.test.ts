import { expect, test } from 'vitest';
import { confidenceAlone, expectedEdits, expectedRate } from './error-model.ts';
import { fitErrorModel, type KnownReading } from './fit-error-model.ts';

/** Confidence, share of the language model, length, edits. */
const rows = [
  [0.95, 0, 40, 1],
  [0.9, 0.05, 50, 4],
  [0.8, 0.1, 30, 6],
  [0.6, 0.3, 20, 9],
  [0.97, 0, 60, 1],
  [0.7, 0.2, 25, 10],
] as const;

function known([confidence, changed, characters, edits]: (typeof rows)[number]): KnownReading {
  const values = { confidence, 'language-model': changed, length: characters + 1 };
  const rest = { model: 'm', kind: 'line', characters: {}, wordConfidences: [], embedding: [] } as const;
  return { measurement: { ...rest, values }, edits };
}

test('the regression is the likeliest, as scipy finds it', () => {
  /*
   * z = X @ w; optimize.minimize(lambda w: -(k * z - n * np.logaddexp(0, z)).sum() + 0.5 * (w ** 2).sum(), np.zeros(3),
   *   method='BFGS', options={'gtol': 1e-10}), where the rows of X are 1, log-odds, share
   */
  const { weights } = fitErrorModel(rows.map(known));
  const expected = [0.31694, -1.22754, 0.18792];
  weights.forEach((weight, i) => expect(weight).toBeCloseTo(expected[i], 4));
  const { edits } = expectedEdits(fitErrorModel(rows.map(known)), known(rows[3]).measurement);
  expect(edits / 20).toBeCloseTo(0.46894, 4);
});

test('without texts, the errors are those that the confidences say', () => {
  const { measurement } = known(rows[0]);
  expect(expectedEdits(confidenceAlone, measurement).edits).toBeCloseTo(40 * 0.05, 9);
});

test('the interval is that of a normal number in log-odds', () => {
  const model = { ...confidenceAlone, deviation: Math.LN2 };
  const { rate, low, high } = expectedRate(model, { length: 1e6, edits: 1e5, variance: 0 });
  expect(rate).toBe(0.1);
  // Log-odds of −2.1972 ∓ 1.96 ln 2.
  expect(low).toBeCloseTo(0.0278, 4);
  expect(high).toBeCloseTo(0.3018, 4);
});

test('nothing that was read says nothing', () => {
  expect(expectedRate(confidenceAlone, { length: 0, edits: 0, variance: 0 })).toEqual({ rate: 0, low: 0, high: 1 });
});
