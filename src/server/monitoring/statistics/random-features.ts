import { Random } from '../../../random/random.ts';

/** Maps points to features whose products are a Gaussian kernel of the points, nearly. */
export interface RandomFeatures {
  readonly size: number;
  /** The features of a point, added to `sums`. */
  add(point: ArrayLike<number>, sums: Float64Array): void;
}

/**
 * Random Fourier features (Rahimi and Recht 2007) of the Gaussian kernel exp(−|x − y|² / 2) over points whose coordinates were
 * divided by `scales`: √(2 / size) cos(w · x + b). Sums of them merge exactly, which sums of kernels do not.
 */
export function randomFeatures(scales: readonly number[], size: number, seed: number): RandomFeatures {
  const random = Random.of(seed, scales.length, size);
  const weights = Float64Array.from(
    { length: size * scales.length },
    (_, i) => random.normal() / scales[i % scales.length],
  );
  const phases = Float64Array.from({ length: size }, () => 2 * Math.PI * random.uniform());
  const height = Math.sqrt(2 / size);
  return {
    size,
    add(point, sums) {
      for (let f = 0, at = 0; f < size; f++) {
        let angle = phases[f];
        for (let d = 0; d < scales.length; d++) angle += weights[at++] * point[d];
        sums[f] += height * Math.cos(angle);
      }
    },
  };
}
