import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { confidenceAlone, expectedEdits, expectedRate, inputOf } from './error-model.ts';
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

/** So many populations and seven kinds, each with 10 lines whose errors are those of their confidence, further off by `shift` in half. */
function populationsOff(count: number, shift: number): KnownReading[] {
  const random = Random.of(14);
  return Array.from({ length: 70 * count }, (_, i) => {
    const population = i % count;
    const confidence = random.between(0.6, 0.95);
    const logit = Math.log((1 - confidence) / confidence) + (population % 2 === 0 ? shift : 0);
    const edits = Array.from({ length: 200 }).filter(() => random.uniform() < 1 / (1 + Math.exp(-logit))).length;
    const kind = `k${Math.floor(i / count) % 7}`;
    return { ...known([confidence, 0, 200, edits]), population: `p${population}`, kind };
  });
}

test('the interval of an unseen population is as wide as populations that are left out are off, by Student', () => {
  /*
   * Eight populations, half of them off by 1: left out, each is off by 4/7 of 1, since the others are off by 3/7 or 4/7 on average.
   * 4/7 · t(0.975; 7) / 1.96 = 0.5714 · 2.365 / 1.96 = 0.69, less what ten lines may be off by chance.
   */
  const { deviation } = fitErrorModel(populationsOff(8, 1));
  expect(deviation).toBeGreaterThan(0.58);
  expect(deviation).toBeLessThan(0.7);
  // That some are all alike does not make the others so: 0.45 · 2.365 / 1.96.
  expect(fitErrorModel(populationsOff(8, 0)).deviation).toBeCloseTo(0.543, 3);
});

test('of one population, unseen ones are as far off as is usual', () => {
  // 0.45 · t(0.975; 4) / 1.96.
  expect(fitErrorModel(populationsOff(1, 0)).deviation).toBeCloseTo(0.637, 1);
  // Without kinds nothing can be left out.
  expect(fitErrorModel(rows.map(known)).deviation).toBe(0.9);
});

test('populations count the same, however many lines they have', () => {
  const few = populationsOff(2, 2);
  const many = [...few, ...few.filter(({ population }) => population === 'p0')];
  expect(fitErrorModel(many).intercept).toBeCloseTo(fitErrorModel(few).intercept, 1);
});

function withEntropy({ measurement, ...rest }: KnownReading, place: number): KnownReading {
  const values = { ...measurement.values, entropy: 1 + (place % 3), spread: Math.E };
  return { ...rest, measurement: { ...measurement, values } };
}

test('where there is an entropy, confidence is not used, and the spread is taken as its logarithm', () => {
  const readings = populationsOff(2, 0).map(withEntropy);
  expect(Object.keys(fitErrorModel(readings).weights)).toEqual(['language-model', 'entropy', 'spread']);
  expect(inputOf(readings[0].measurement, 'spread')).toBe(1);
});

test('a reading without an input of the fit is judged by its confidence', () => {
  const model = fitErrorModel(rows.map(known));
  const { measurement } = known(rows[0]);
  const { 'language-model': _, ...values } = measurement.values;
  expect(expectedEdits(model, { ...measurement, values }).edits).toBeCloseTo(40 * 0.05, 9);
});
