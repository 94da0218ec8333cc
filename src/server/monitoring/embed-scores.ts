import { Random } from '../../random/random.ts';

/** Numbers in an embedding. */
export const EMBEDDING_SIZE = 16;

const SEED = 20_140;
const projections = new Map<number, Float64Array>();

/**
 * A small embedding of what a network says: the mean of its scores over time, multiplied by a fixed random matrix (Johnson and
 * Lindenstrauss 1984), `[classes]` → `[16]`. The networks that ship have no inner outputs; their scores are the last features.
 */
export function embedScores(means: Float64Array): Float64Array {
  const classes = means.length;
  const projection = projectionOf(classes);
  const embedding = new Float64Array(EMBEDDING_SIZE);
  for (let c = 0, at = 0; c < classes; c++) {
    for (let d = 0; d < EMBEDDING_SIZE; d++) embedding[d] += means[c] * projection[at++];
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
