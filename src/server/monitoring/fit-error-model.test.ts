import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
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

function known([confidence, changed, characters, edits]: readonly number[]): KnownReading {
  const values = { confidence, 'language-model': changed, length: characters + 1 };
  const rest = { model: 'm', kind: 'line', characters: {}, wordConfidences: [], embedding: [] } as const;
  return { measurement: { ...rest, values }, edits, textLength: characters };
}

test('the regression is the likeliest, as scipy finds it', () => {
  /*
   * z = X @ w; optimize.minimize(lambda w: -(k * z - n * np.logaddexp(0, z)).sum() + 0.5 * (w ** 2).sum(), np.zeros(3),
   *   method='BFGS', options={'gtol': 1e-10}), where the rows of X are 1, log-odds, share
   */
  const { intercept, weights } = fitErrorModel(rows.map(known));
  expect(intercept).toBeCloseTo(0.31694, 4);
  expect(weights.confidence).toBeCloseTo(-1.22754, 4);
  expect(weights['language-model']).toBeCloseTo(0.18792, 4);
  // No reading has them.
  expect(Object.keys(weights)).toEqual(['confidence', 'language-model']);
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

/** Two populations and seven kinds, each with 40 lines whose errors are those of their confidence, further off by `shift` in some. */
function kindsOff(shift: number): KnownReading[] {
  const random = Random.of(14);
  return Array.from({ length: 560 }, (_, i) => {
    const confidence = random.between(0.6, 0.95);
    const logit = Math.log((1 - confidence) / confidence) + (i % 7 < 3 ? shift : 0);
    const edits = Array.from({ length: 50 }).filter(() => random.uniform() < 1 / (1 + Math.exp(-logit))).length;
    return { ...known([confidence, 0, 50, edits]), population: `p${i % 2}`, kind: `k${i % 7}` };
  });
}

test('the interval of what the fit has not seen is as wide as kinds that are left out are off', () => {
  const alike = fitErrorModel(kindsOff(0)).deviation;
  expect(alike).toBeLessThan(0.1);
  // Left out, three kinds are off by about 1, 1.96 deviations.
  const { deviation } = fitErrorModel(kindsOff(1));
  expect(deviation).toBeGreaterThan(0.25);
  expect(deviation).toBeLessThan(0.6);
  // Without kinds nothing can be left out.
  expect(fitErrorModel(rows.map(known)).deviation).toBe(0.9);
});

test('a reading without an input of the fit is judged by its confidence', () => {
  const model = fitErrorModel(rows.map(known));
  const { measurement } = known(rows[0]);
  const { 'language-model': _, ...values } = measurement.values;
  expect(expectedEdits(model, { ...measurement, values }).edits).toBeCloseTo(40 * 0.05, 9);
});
