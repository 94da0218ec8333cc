import { totalOf } from './total-of.ts';

/**
 * The Wasserstein-1 distance of two counts of the same ascending `values`, in their unit: the area between the cumulative
 * distributions. Equals `scipy.stats.wasserstein_distance` with the counts as weights.
 */
export function wasserstein(
  values: ArrayLike<number>,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): number {
  const [all, own] = [totalOf(reference), totalOf(current)];
  let [below, ownBelow, area] = [0, 0, 0];
  for (let i = 0; i + 1 < values.length; i++) {
    below += reference[i];
    ownBelow += current[i];
    area += Math.abs(below / all - ownBelow / own) * (values[i + 1] - values[i]);
  }
  return area;
}
