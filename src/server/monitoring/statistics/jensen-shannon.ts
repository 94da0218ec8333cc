import { totalOf } from './total-of.ts';

/**
 * The Jensen–Shannon distance of two counts of the same bins: the root of the divergence, with natural logarithms, 0 to √ln 2.
 * Equals `scipy.spatial.distance.jensenshannon`.
 */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const [all, own] = [totalOf(reference), totalOf(current)];
  let divergence = 0;
  for (let i = 0; i < reference.length; i++) {
    const [p, q] = [reference[i] / all, current[i] / own];
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log(p / middle)) / 2;
    if (q > 0) divergence += (q * Math.log(q / middle)) / 2;
  }
  return Math.sqrt(Math.max(0, divergence));
}
