import { totalOf } from './total-of.ts';

/**
 * The two-sample statistic of Kolmogorov and Smirnov, 0 to 1: the largest difference of the two cumulative distributions. Both are
 * counts of the same ascending values or bins. Equals `scipy.stats.ks_2samp(…).statistic`.
 */
export function kolmogorovSmirnov(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const [all, own] = [totalOf(reference), totalOf(current)];
  let [below, ownBelow, most] = [0, 0, 0];
  for (let i = 0; i < reference.length; i++) {
    below += reference[i];
    ownBelow += current[i];
    most = Math.max(most, Math.abs(below / all - ownBelow / own));
  }
  return most;
}
