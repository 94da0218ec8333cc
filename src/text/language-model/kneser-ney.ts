import type { NgramLevel } from './count-ngrams.ts';

/** Interpolated probabilities of a level's n-grams, and the weight that each leaves to shorter contexts. */
export interface EstimatedLevel {
  /** `[k-grams]`: p(last symbol | symbols before it). */
  readonly probabilities: Float32Array;
  /** `[k-grams]`: the back-off weight γ of the k-gram as a context; 1 where no continuation is kept. */
  readonly backoffs: Float32Array;
}

/** What is subtracted from counts of 1, 2, and 3 or more. */
export type Discounts = readonly [number, number, number];

/** Which n-grams of each level a pruned model keeps; a kept n-gram's parents are kept too. */
export type KeptNgrams = readonly Uint8Array[];

/**
 * Interpolated modified Kneser–Ney estimates (Chen and Goodman 1998, section 3) of all levels of n-grams. Below unigrams
 * stands the uniform distribution over `vocabulary`. With `kept`, only those n-grams have probabilities of their own, and
 * what the others had goes to the back-off weight. (Passing the counts of pruned n-grams on to the level below, as Siivola
 * et al. 2007 do, was tried and gave 0.5 to 1 % more bits per character on other texts.)
 */
export function kneserNey(levels: readonly NgramLevel[], vocabulary: number, kept?: KeptNgrams): EstimatedLevel[] {
  const counts = adjustedCounts(levels);
  const discounts = counts.map(estimateDiscounts);
  const estimates = levels.map(({ symbols }) => ({
    probabilities: new Float32Array(symbols.length),
    backoffs: new Float32Array(symbols.length).fill(1),
  }));
  for (let k = 0; k < levels.length; k++) {
    const contexts = k === 0 ? Uint32Array.of(0, levels[0].symbols.length) : levels[k - 1].firstChild;
    const keep = kept?.[k];
    for (let context = 0; context + 1 < contexts.length; context++) {
      const [from, to] = [contexts[context], contexts[context + 1]];
      const backoff = discountContext(counts[k], from, to, discounts[k], keep, estimates[k].probabilities);
      if (k > 0) estimates[k - 1].backoffs[context] = backoff;
      for (let i = from; i < to; i++) {
        const shorter = k === 0 ? 1 / vocabulary : estimates[k - 1].probabilities[levels[k].suffixes[i]];
        estimates[k].probabilities[i] += backoff * shorter;
      }
    }
  }
  return estimates;
}

/**
 * The counts that Kneser–Ney smooths: of the highest order as they are; below it, the number of different symbols that
 * precede the n-gram.
 */
export function adjustedCounts(levels: readonly NgramLevel[]): Uint32Array[] {
  const adjusted = levels.map(({ counts }) => new Uint32Array(counts.length));
  adjusted[levels.length - 1].set(levels[levels.length - 1].counts);
  for (let k = levels.length - 1; k > 0; k--) {
    for (const suffix of levels[k].suffixes) adjusted[k - 1][suffix]++;
  }
  return adjusted;
}

/**
 * D1, D2 and D3+ from how many n-grams have adjusted counts of 1, 2, 3 and 4 (Chen and Goodman 1998, equation 26). Where
 * these are too few to give discounts in range, as with single characters, 0.5, 1 and 1.5 stand in, as in KenLM.
 */
export function estimateDiscounts(counts: Uint32Array): Discounts {
  const n = [0, 0, 0, 0, 0];
  for (const count of counts) if (count <= 4) n[count]++;
  const y = n[1] / (n[1] + 2 * n[2]);
  const discount = (k: number) => k - ((k + 1) * y * n[k + 1]) / n[k];
  const discounts: Discounts = [discount(1), discount(2), discount(3)];
  return discounts.every((value, i) => value >= 0 && value <= i + 1) ? discounts : [0.5, 1, 1.5];
}

/** Writes (count − discount) / total for the kept n-grams from `from` to `to`, and returns what that leaves of 1. */
function discountContext(
  counts: Uint32Array,
  from: number,
  to: number,
  discounts: Discounts,
  keep: Uint8Array | undefined,
  probabilities: Float32Array,
): number {
  let total = 0;
  for (let i = from; i < to; i++) total += counts[i];
  let taken = 0;
  for (let i = from; i < to; i++) {
    if (keep !== undefined && keep[i] === 0) continue;
    const share = Math.max(0, counts[i] - discounts[Math.min(counts[i], 3) - 1]) / total;
    probabilities[i] = share;
    taken += share;
  }
  return taken === 0 ? 1 : 1 - taken;
}
