import { expect, test } from 'vitest';
import { simulateRequests } from '../../bench/monitoring/simulate-requests.ts';
import { confidenceAlone, expectedEdits, expectedRate } from './error-model.ts';
import { fitErrorModel, type KnownReading } from './fit-error-model.ts';

/** Confidence, least confidence, share of the language model, length, spread, edits. */
const rows = [
  [0.95, 0.9, 0, 40, 0.45, 1],
  [0.9, 0.8, 0.05, 50, 0.5, 4],
  [0.8, 0.5, 0.1, 30, 0.4, 6],
  [0.6, 0.3, 0.3, 20, 0.6, 9],
  [0.97, 0.95, 0, 60, 0.45, 1],
  [0.7, 0.2, 0.2, 25, 0.5, 10],
] as const;

function known([confidence, least, changed, characters, spread, edits]: (typeof rows)[number]): KnownReading {
  const values = {
    confidence,
    'least-confidence': least,
    'language-model': changed,
    length: characters + 1,
    spread,
  };
  const rest = { model: 'm', kind: 'line', characters: {}, wordConfidences: [], embedding: [] } as const;
  return { measurement: { ...rest, values }, edits, kind: 'ordinary' };
}

test('the regression is the likeliest, as scipy finds it', () => {
  /*
   * z = X @ w; optimize.minimize(lambda w: -(k * z - n * np.logaddexp(0, z)).sum() + 0.5 * (w ** 2).sum(), np.zeros(7),
   *   method='BFGS', options={'gtol': 1e-10}), where the rows of X are 1, a, a², b, m, ln(n + 1), ln(s / 0.45) with a and b the log-odds
   */
  const { weights } = fitErrorModel(rows.map(known));
  const expected = [-0.01554, -0.37009, -0.1239, -0.32229, 0.09136, -0.14862, 0.18172];
  weights.forEach((weight, i) => expect(weight).toBeCloseTo(expected[i], 4));
  const { edits } = expectedEdits(fitErrorModel(rows.map(known)), known(rows[3]).measurement);
  expect(edits / 20).toBeCloseTo(0.42906, 4);
});

test('without texts, the errors are those that the confidences say', () => {
  const { measurement } = known(rows[0]);
  expect(expectedEdits(confidenceAlone, measurement).edits).toBeCloseTo(40 * 0.05, 9);
});

test('the interval holds the rate of kinds that were not fitted, as far as they differ among themselves', () => {
  const readings = simulateRequests(400, 1).map((measurement, i) => {
    // The odds of an error are twice as high for one kind as for the other, whatever the reader says.
    const factor = i % 2 === 0 ? 1 : 2;
    const odds = (factor * (1 - measurement.values.confidence!)) / measurement.values.confidence!;
    const length = measurement.values.length! - 1;
    return { measurement, edits: (length * odds) / (1 + odds), kind: String(i % 2) };
  });
  const model = fitErrorModel(readings);
  // Each is predicted by the other alone, ln 2 off.
  expect(model.deviation).toBeCloseTo(Math.LN2, 1);
  const { rate, low, high } = expectedRate(model, { length: 1e6, edits: 1e5, variance: 0 });
  expect(rate).toBe(0.1);
  // Log-odds of −2.197 ∓ 1.96 ln 2.
  expect(low).toBeCloseTo(0.0278, 2);
  expect(high).toBeCloseTo(0.302, 1);
});

test('nothing that was read says nothing', () => {
  expect(expectedRate(confidenceAlone, { length: 0, edits: 0, variance: 0 })).toEqual({ rate: 0, low: 0, high: 1 });
});
