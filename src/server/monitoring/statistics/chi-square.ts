import { totalOf } from './total-of.ts';

/**
 * Pearson's χ² of two counts of the same categories, for whether both come from one distribution; categories that neither has are
 * left out. Equals `scipy.stats.chi2_contingency([reference, current], correction=False).statistic`.
 */
export function chiSquare(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const [all, own] = [totalOf(reference), totalOf(current)];
  let sum = 0;
  for (let i = 0; i < reference.length; i++) {
    const both = reference[i] + current[i];
    if (both === 0) continue;
    const [expected, ownExpected] = [(both * all) / (all + own), (both * own) / (all + own)];
    sum += (reference[i] - expected) ** 2 / expected + (current[i] - ownExpected) ** 2 / ownExpected;
  }
  return sum;
}
