import { expect, test } from 'vitest';
import { chiSquare } from './chi-square.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy.ts';
import { populationStabilityIndex } from './population-stability-index.ts';
import { randomFeatures } from './random-features.ts';
import { wasserstein } from './wasserstein.ts';

/*
 * Expected values are those of scipy 1.17 and Evidently 0.7:
 *
 *   a, b = [1, 2, 2, 3, 3, 3, 5, 8], [2, 3, 3, 5, 5, 8, 8, 9, 9, 9]
 *   stats.ks_2samp(a, b).statistic, stats.wasserstein_distance(a, b)
 *   p, q = [[s.count(v) for v in [1, 2, 3, 5, 8, 9]] for s in (a, b)]
 *   distance.jensenshannon(p, q), stats.chi2_contingency([p, q], correction=False).statistic
 *   reference, current = pd.Series(list('aaaaabbbbccd')), pd.Series(list('aabbbbccccee'))
 *   psi_stat_test(reference, current, ColumnType.Categorical, None).drift_score
 *   jensenshannon_stat_test(reference, current, ColumnType.Categorical, None).drift_score
 *   wasserstein_stat_test(pd.Series(a), pd.Series(b), ColumnType.Numerical, None).drift_score
 *   x = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], float); y = np.array([[1, 1], [2, 1], [2, 2]], float)
 *   k = lambda u, v: np.exp(-((u[:, None] - v[None]) ** 2).sum(-1) / 2)
 *   k(x, x).mean() + k(y, y).mean() - 2 * k(x, y).mean()
 */
const values = [1, 2, 3, 5, 8, 9];
const a = [1, 2, 3, 1, 1, 0];
const b = [0, 1, 2, 2, 2, 3];
/** How often a, b, c, d and e occur. */
const reference = [5, 4, 2, 1, 0];
const current = [2, 4, 4, 0, 2];

test('Kolmogorov and Smirnov as scipy', () => {
  expect(kolmogorovSmirnov(a, b)).toBeCloseTo(0.45, 12);
  expect(kolmogorovSmirnov(a, a)).toBe(0);
});

test('Wasserstein as scipy, and in standard deviations of the reference as Evidently', () => {
  expect(wasserstein(values, a, b)).toBeCloseTo(2.725, 12);
  const mean = 27 / 8;
  const deviation = Math.sqrt(values.reduce((sum, value, i) => sum + (a[i] * (value - mean) ** 2) / 8, 0));
  expect(wasserstein(values, a, b) / deviation).toBeCloseTo(1.3242556915231156, 12);
});

test('Jensen and Shannon as scipy and Evidently', () => {
  expect(jensenShannon(a, b)).toBeCloseTo(0.4314608772157367, 12);
  expect(jensenShannon(reference, current)).toBeCloseTo(0.3584330922625499, 12);
  expect(jensenShannon([1, 0], [0, 1])).toBeCloseTo(Math.sqrt(Math.LN2), 12);
});

test('the population stability index as Evidently, which fills empty bins', () => {
  expect(populationStabilityIndex(reference, current)).toBeCloseTo(2.1400657722397387, 12);
});

test('χ² as scipy; what neither has does not count', () => {
  expect(chiSquare(a, b)).toBeCloseTo(5.04, 12);
  expect(chiSquare([...a, 0], [...b, 0])).toBeCloseTo(5.04, 12);
});

const x = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;
const y = [
  [1, 1],
  [2, 1],
  [2, 2],
] as const;

/** The discrepancy of x and y by so many random features. */
function discrepancy(size: number, scale = 1): number {
  const features = randomFeatures([scale, scale], size, 1);
  const sumsOf = (points: readonly (readonly number[])[]) => {
    const sums = new Float64Array(size);
    for (const point of points)
      features.add(
        point.map((value) => scale * value),
        sums,
      );
    return sums;
  };
  return maximumMeanDiscrepancy(sumsOf(x), x.length, sumsOf(y), y.length);
}

test('the maximum mean discrepancy nears that of the Gaussian kernel, whatever the unit', () => {
  expect(discrepancy(40_000)).toBeCloseTo(0.6093659890624564, 2);
  expect(discrepancy(40_000, 7)).toBeCloseTo(0.6093659890624564, 2);
});

test('the discrepancy is that of the kernel of its features, exactly', () => {
  const features = randomFeatures([1, 1], 16, 2);
  const featuresOf = (point: readonly number[]) => {
    const sums = new Float64Array(16);
    features.add(point, sums);
    return sums;
  };
  const kernel = (u: readonly number[], v: readonly number[]) =>
    featuresOf(u).reduce((sum, value, f) => sum + value * featuresOf(v)[f], 0);
  const meanKernel = (us: readonly (readonly number[])[], vs: readonly (readonly number[])[]) =>
    us.flatMap((u) => vs.map((v) => kernel(u, v))).reduce((sum, value) => sum + value, 0) / (us.length * vs.length);
  const [sumsX, sumsY] = [new Float64Array(16), new Float64Array(16)];
  for (const point of x) features.add(point, sumsX);
  for (const point of y) features.add(point, sumsY);
  const expected = meanKernel(x, x) + meanKernel(y, y) - 2 * meanKernel(x, y);
  expect(maximumMeanDiscrepancy(sumsX, 4, sumsY, 3)).toBeCloseTo(expected, 12);
});
