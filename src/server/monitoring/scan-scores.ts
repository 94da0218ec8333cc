/** What the scores of a network say of a line, gathered in one pass. */
export interface ScannedScores {
  /** The most probable class of each step. */
  readonly path: Uint16Array;
  /** Of each class, over time. */
  readonly means: Float64Array;
  /** The summed entropy of the steps, in bits. */
  readonly entropy: number;
}

/** Most classes are less probable by far than e to this; computing them would take most of the time. */
const NEGLIGIBLE = -10;

/** Looks through scores, logits or log-probabilities `[steps, classes]`. */
export function scanScores(scores: Float32Array, classes: number): ScannedScores {
  const steps = scores.length / classes;
  const path = new Uint16Array(steps);
  const sums = new Float64Array(classes);
  let entropy = 0;
  for (let step = 0, i = 0; step < steps; step++) {
    let [most, best] = [-Infinity, 0];
    for (let c = 0; c < classes; c++, i++) {
      const score = scores[i];
      sums[c] += score;
      if (score > most) [most, best] = [score, c];
    }
    path[step] = best;
    // Of all steps: what networks say repeats with their strides, so that a part would not stand for the whole.
    entropy += entropyOf(scores, i - classes, classes, most);
  }
  return { path, means: sums.map((sum) => sum / Math.max(1, steps)), entropy: entropy / Math.LN2 };
}

/** In nats: ln Σ exp(s) less the mean score. */
function entropyOf(scores: Float32Array, row: number, classes: number, most: number): number {
  let [total, weighted] = [0, 0];
  for (let i = row; i < row + classes; i++) {
    const score = scores[i] - most;
    if (score < NEGLIGIBLE) continue;
    const weight = Math.exp(score);
    total += weight;
    weighted += weight * score;
  }
  return Math.log(total) - weighted / total;
}
