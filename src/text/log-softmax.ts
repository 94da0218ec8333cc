import { TextRecognizerError } from '../errors.ts';

/**
 * Log-probabilities `[time, class]` of logits `[time, class]` divided by `temperature`. Log-probabilities come back as
 * they were (at temperature 1), so a network may end in either. Throws `SHAPE_MISMATCH`, or `INVALID_ARGUMENT` for NaN.
 */
export function logSoftmax(logits: Float32Array, classes: number, temperature = 1): Float32Array {
  stepCount(logits, classes);
  if (!(temperature > 0)) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `A temperature must be above 0, not ${temperature}.`);
  }
  const result = new Float32Array(logits.length);
  const inverse = 1 / temperature;
  for (let row = 0; row < logits.length; row += classes) {
    let peak = -Infinity;
    for (let i = row; i < row + classes; i++) if (logits[i] > peak) peak = logits[i];
    let sum = 0;
    for (let i = row; i < row + classes; i++) sum += Math.exp((logits[i] - peak) * inverse);
    const shift = peak * inverse + Math.log(sum);
    if (!Number.isFinite(shift)) {
      const step = row / classes;
      throw new TextRecognizerError('INVALID_ARGUMENT', `The logits of time step ${step} are not finite numbers.`);
    }
    for (let i = row; i < row + classes; i++) result[i] = logits[i] * inverse - shift;
  }
  return result;
}

/** The number of time steps of scores `[time, class]`; throws `SHAPE_MISMATCH` where they do not divide into rows. */
export function stepCount(scores: Float32Array, classes: number): number {
  const steps = scores.length / classes;
  if (Number.isInteger(classes) && classes >= 2 && Number.isInteger(steps)) return steps;
  throw new TextRecognizerError(
    'SHAPE_MISMATCH',
    `${scores.length} scores do not divide into rows of ${classes} classes; pass [time, class], the blank included.`,
  );
}

/** log(exp(a) + exp(b)) without overflow; −Infinity stands for probability 0. */
export function logAdd(a: number, b: number): number {
  if (a < b) return a === -Infinity ? b : b + Math.log1p(Math.exp(a - b));
  return b === -Infinity ? a : a + Math.log1p(Math.exp(b - a));
}
