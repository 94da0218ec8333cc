import { totalOf } from './total-of.ts';

/** Stands for a share of 0, or a millionth of the least share where that is less. */
const LEAST_SHARE = 1e-4;

/**
 * The population stability index of two counts of the same bins: Σ (p − q) ln(p / q). Below 0.1 is usually taken for no change, above
 * 0.25 for a large one. Empty bins are filled as Evidently fills them; equals its `psi` on the same bins.
 */
export function populationStabilityIndex(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const [expected, actual] = [filledShares(reference), filledShares(current)];
  return expected.reduce((sum, share, i) => sum + (share - actual[i]) * Math.log(share / actual[i]), 0);
}

function filledShares(counts: ArrayLike<number>): Float64Array {
  const total = totalOf(counts);
  const shares = Float64Array.from(counts, (count) => count / total);
  const least = shares.reduce((least, share) => (share > 0 && share < least ? share : least), 1);
  const filling = least <= LEAST_SHARE ? least / 1e6 : LEAST_SHARE;
  return shares.map((share) => (share === 0 ? filling : share));
}
