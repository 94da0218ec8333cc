import { TextRecognizerError } from '../errors.ts';
import { blankClass } from './alphabet.ts';
import { logAdd, stepCount } from './log-softmax.ts';

/** Where one label was emitted on the most probable path: time steps [start, end), and its highest probability there. */
export interface AlignedLabel {
  readonly start: number;
  readonly end: number;
  /** In [0, 1]. */
  readonly peak: number;
}

/**
 * Forced alignment: the most probable CTC path (Viterbi) that collapses to `labels` (classes ≥ 1). `logProbabilities` is
 * `[time, class]`. Throws `INVALID_ARGUMENT` if the labels need more steps than there are.
 */
export function ctcAlign(logProbabilities: Float32Array, classes: number, labels: ArrayLike<number>): AlignedLabel[] {
  const steps = stepCount(logProbabilities, classes);
  requireRoom(labels, steps, classes);
  if (labels.length === 0) return [];
  const states = 2 * labels.length + 1;
  const moves = new Uint8Array(steps * states);
  let score = new Float64Array(states).fill(-Infinity);
  let next = new Float64Array(states);
  score[0] = logProbabilities[blankClass];
  score[1] = logProbabilities[labels[0]];
  for (let t = 1; t < steps; t++) {
    viterbiStep(logProbabilities, t * classes, labels, score, next, moves, t * states);
    [score, next] = [next, score];
  }
  const last = score[states - 1] > score[states - 2] ? states - 1 : states - 2;
  return runsOfPath(logProbabilities, classes, labels, moves, states, steps, last);
}

/** log p(labels | input): the sum over all paths that collapse to `labels` (the CTC forward variable, Graves 2006). */
export function ctcLogLikelihood(logProbabilities: Float32Array, classes: number, labels: ArrayLike<number>): number {
  const steps = stepCount(logProbabilities, classes);
  const states = 2 * labels.length + 1;
  let alpha = new Float64Array(states).fill(-Infinity);
  let next = new Float64Array(states);
  alpha[0] = 0;
  for (let t = 0; t < steps; t++) {
    for (let s = 0; s < states; s++) {
      let sum = alpha[s];
      // Before the first step all the mass is on the leading blank, from where any path starts.
      if (s >= 1) sum = logAdd(sum, alpha[s - 1]);
      if (t > 0 && maySkip(labels, s)) sum = logAdd(sum, alpha[s - 2]);
      next[s] = sum + logProbabilities[t * classes + labelOfState(labels, s)];
    }
    [alpha, next] = [next, alpha];
  }
  return states === 1 ? alpha[0] : logAdd(alpha[states - 1], alpha[states - 2]);
}

/** States alternate blank, label 0, blank, label 1, …, blank; a path stays, moves on by one, or skips a blank. */
function viterbiStep(
  logProbabilities: Float32Array,
  row: number,
  labels: ArrayLike<number>,
  score: Float64Array,
  next: Float64Array,
  moves: Uint8Array,
  moveRow: number,
): void {
  for (let s = 0; s < score.length; s++) {
    let [best, move] = [score[s], 0];
    if (s >= 1 && score[s - 1] > best) [best, move] = [score[s - 1], 1];
    if (maySkip(labels, s) && score[s - 2] > best) [best, move] = [score[s - 2], 2];
    next[s] = best + logProbabilities[row + labelOfState(labels, s)];
    moves[moveRow + s] = move;
  }
}

function runsOfPath(
  logProbabilities: Float32Array,
  classes: number,
  labels: ArrayLike<number>,
  moves: Uint8Array,
  states: number,
  steps: number,
  last: number,
): AlignedLabel[] {
  const starts = new Int32Array(labels.length);
  const ends = new Int32Array(labels.length);
  const peaks = new Float64Array(labels.length).fill(-Infinity);
  for (let t = steps - 1, s = last; t >= 0; s -= moves[t * states + s], t--) {
    if (s % 2 === 0) continue;
    const label = (s - 1) / 2;
    starts[label] = t;
    ends[label] = Math.max(ends[label], t + 1);
    peaks[label] = Math.max(peaks[label], logProbabilities[t * classes + labels[label]]);
  }
  return Array.from(starts, (start, i) => ({ start, end: ends[i], peak: Math.exp(peaks[i]) }));
}

function labelOfState(labels: ArrayLike<number>, state: number): number {
  return state % 2 === 0 ? blankClass : labels[(state - 1) / 2];
}

/** Between two equal labels the blank must be emitted, or they would collapse. */
function maySkip(labels: ArrayLike<number>, state: number): boolean {
  return state >= 3 && state % 2 === 1 && labels[(state - 1) / 2] !== labels[(state - 3) / 2];
}

function requireRoom(labels: ArrayLike<number>, steps: number, classes: number): void {
  let needed = labels.length;
  for (let i = 0; i < labels.length; i++) {
    if (i > 0 && labels[i] === labels[i - 1]) needed++;
    if (labels[i] > blankClass && labels[i] < classes) continue;
    throw new TextRecognizerError('INVALID_ARGUMENT', `Label ${labels[i]} is not one of classes 1 to ${classes - 1}.`);
  }
  if (needed <= steps) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${labels.length} labels need ${needed} time steps, and there are ${steps}; pass the scores they were read from.`,
  );
}
