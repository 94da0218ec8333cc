import { Random } from '../../random/random.ts';

/** Numbers in an embedding. */
export const EMBEDDING_SIZE = 16;

const SEED = 20_140;
const projections = new Map<number, Float64Array>();

/**
 * A small embedding of what a network says: the mean of its scores over time, multiplied by a fixed random matrix (Johnson and
 * Lindenstrauss 1984), `[steps, classes]` → `[16]`. The networks that ship have no inner outputs; their scores are the last features.
 */
export function embedScores(scores: Float32Array, classes: number): Float64Array {
  const means = new Float64Array(classes);
  for (let i = 0, c = 0; i < scores.length; i++) {
    means[c] += scores[i];
    if (++c === classes) c = 0;
  }
  const projection = projectionOf(classes);
  const embedding = new Float64Array(EMBEDDING_SIZE);
  const steps = scores.length / classes;
  for (let c = 0, at = 0; c < classes; c++) {
    for (let d = 0; d < EMBEDDING_SIZE; d++) embedding[d] += (means[c] / steps) * projection[at++];
  }
  return embedding;
}

/** `[classes, EMBEDDING_SIZE]`, normal with variance 1 / classes; the same in every process. */
function projectionOf(classes: number): Float64Array {
  const known = projections.get(classes);
  if (known !== undefined) return known;
  const random = Random.of(SEED, classes);
  const projection = Float64Array.from(
    { length: classes * EMBEDDING_SIZE },
    () => random.normal() / Math.sqrt(classes),
  );
  projections.set(classes, projection);
  return projection;
}
