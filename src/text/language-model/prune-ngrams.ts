import type { NgramLevel } from './count-ngrams.ts';
import type { EstimatedLevel, KeptNgrams } from './kneser-ney.ts';

/** What a stored n-gram costs in bytes, by level. */
export type NgramCost = (level: number) => number;

/**
 * The n-grams to keep within `budget` bytes: those with the highest count · (log p − log p without it), the weighted
 * difference of Seymore and Rosenfeld (1996), along with their parents; unigrams always.
 */
export function pruneNgrams(
  levels: readonly NgramLevel[],
  estimates: readonly EstimatedLevel[],
  budget: number,
  cost: NgramCost,
): KeptNgrams {
  const worth = worthOfNgrams(levels, estimates);
  const threshold = thresholdFor(worth, budget, cost);
  return worth.map((values, k) => Uint8Array.from(values, (value) => (k === 0 || value >= threshold ? 1 : 0)));
}

/** The worth of each n-gram, or of its most valuable descendant, which cannot be kept without it. */
function worthOfNgrams(levels: readonly NgramLevel[], estimates: readonly EstimatedLevel[]): Float32Array[] {
  const worth = levels.map(({ counts }) => new Float32Array(counts.length));
  for (let k = levels.length - 1; k > 0; k--) {
    const { firstChild } = levels[k - 1];
    const { counts, suffixes } = levels[k];
    for (let parent = 0; parent + 1 < firstChild.length; parent++) {
      const backoff = estimates[k - 1].backoffs[parent];
      for (let i = firstChild[parent]; i < firstChild[parent + 1]; i++) {
        const without = backoff * estimates[k - 1].probabilities[suffixes[i]];
        const own = counts[i] * Math.log(estimates[k].probabilities[i] / without);
        if (own > worth[k][i]) worth[k][i] = own;
        if (worth[k][i] > worth[k - 1][parent]) worth[k - 1][parent] = worth[k][i];
      }
    }
  }
  return worth;
}

/** The least threshold whose n-grams fit the budget, by bisection. */
function thresholdFor(worth: readonly Float32Array[], budget: number, cost: NgramCost): number {
  const bytesAt = (threshold: number) => {
    let bytes = worth[0].length * cost(0);
    for (let k = 1; k < worth.length; k++) {
      let count = 0;
      for (const value of worth[k]) if (value >= threshold) count++;
      bytes += count * cost(k);
    }
    return bytes;
  };
  let [low, high] = [0, 1e9];
  if (bytesAt(low) <= budget) return low;
  for (let step = 0; step < 40; step++) {
    const middle = low === 0 ? Math.min(1, high / 2) : Math.sqrt(low * high);
    if (bytesAt(middle) <= budget) high = middle;
    else low = middle;
    if (high / low < 1.001) break;
  }
  return high;
}
