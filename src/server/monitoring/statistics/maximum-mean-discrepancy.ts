/**
 * The maximum mean discrepancy of two samples (Gretton et al. 2012), squared, from the sums of their points' features: the distance of
 * the two means. It is the biased estimate for the kernel that is the product of features.
 */
export function maximumMeanDiscrepancy(
  reference: ArrayLike<number>,
  referenceCount: number,
  current: ArrayLike<number>,
  currentCount: number,
): number {
  let sum = 0;
  for (let f = 0; f < reference.length; f++) {
    sum += (reference[f] / referenceCount - current[f] / currentCount) ** 2;
  }
  return sum;
}
