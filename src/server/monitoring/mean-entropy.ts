import type { CtcCharacter } from '../../text/ctc-reading.ts';

/**
 * How undecided a network is where its best path has characters: the mean entropy, in bits, of its scores there, from 0 to log2(classes).
 * `scores` are logits or log-probabilities `[steps, classes]`; undefined where there are no characters.
 */
export function meanEntropy(
  scores: Float32Array,
  classes: number,
  characters: readonly Pick<CtcCharacter, 'start' | 'end'>[],
): number | undefined {
  let [sum, steps] = [0, 0];
  for (const { start, end } of characters) {
    for (let step = start; step < end; step++) sum += entropyOf(scores, step * classes, classes);
    steps += end - start;
  }
  return steps === 0 ? undefined : sum / steps / Math.LN2;
}

/** Most classes are less probable by far than e to this; computing them would take most of the time. */
const NEGLIGIBLE = -14;

/** In nats: ln Σ exp(s) less the mean score. */
function entropyOf(scores: Float32Array, row: number, classes: number): number {
  let most = -Infinity;
  for (let c = 0; c < classes; c++) most = Math.max(most, scores[row + c]);
  let [total, weighted] = [0, 0];
  for (let c = 0; c < classes; c++) {
    const score = scores[row + c] - most;
    if (score < NEGLIGIBLE) continue;
    const weight = Math.exp(score);
    total += weight;
    weighted += weight * score;
  }
  return Math.log(total) - weighted / total;
}
