import { expect, test } from 'vitest';
import { fitTail, probabilityEach, tailQuantile, unseenShare } from './thresholds.ts';

test('the tail of values whose squares are exponential is found, a little too far out', () => {
  // Quantiles of the distribution of Kolmogorov's limit, P(X > x) = 2 exp(−2 x²), for 10,000 equal shares.
  const values = Array.from({ length: 10_000 }, (_, i) => Math.sqrt(Math.log(2 / Math.min(1, (i + 0.5) / 10_000)) / 2));
  const { slope } = fitTail(values);
  // Less one standard error: 1,000 values are in the tail.
  expect(slope).toBeCloseTo(2 * (1 - 1 / Math.sqrt(1000)), 1);
  // Kolmogorov's own quantile: √(ln(2 / 10⁻⁶) / 2) = 2.693.
  const quantile = tailQuantile(fitTail(values), 1e-6);
  expect(quantile).toBeGreaterThan(2.693);
  expect(quantile).toBeLessThan(1.05 * 2.693);
});

test('values that never differ have no tail', () => {
  expect(tailQuantile(fitTail([0, 0, 0, 0]), 1e-6)).toBe(0);
});

test('what the reference never showed may be a few of a window', () => {
  // m = 4 · window / reference; the least k with scipy.stats.poisson.sf(k, m) <= p, and (k + 1) / window.
  expect(unseenShare(1000, 100, 1e-6)).toBeCloseTo(0.07, 12);
  expect(unseenShare(2000, 1000, 1e-6)).toBeCloseTo(0.013, 12);
  expect(unseenShare(300, 100, 1e-5)).toBeCloseTo(0.1, 12);
});

test('false alarms are shared out among all comparisons', () => {
  // 250,000 requests are 10,000 times 40 comparisons; half of one alarm is planned.
  expect(probabilityEach(250_000, 25, 40)).toBeCloseTo(0.5 / 400_000, 15);
});
