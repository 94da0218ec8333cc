import { ascending, backwardPaths, ctcLattice, forwardPaths, logZero } from './ctc-lattice.ts';
import { add, exp, greater, log, multiply, subtract, where } from './elementwise.ts';
import { matmul, matmulTransposed } from './dense.ts';
import { logSumExp, max, sum } from './reduce.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { constant, formatShape, operation, requireRank, shapeError, staticShape, type Value } from './value.ts';

export interface CtcLossOptions {
  /** The class that stands for no symbol. Default 0. */
  readonly blank?: number;
  /** Gives an item whose label does not fit its frames loss 0 and no gradient, otherwise its loss is infinite. Default false. */
  readonly zeroInfinity?: boolean;
}

/**
 * −ln p(label) for each item, `[batch]`, summed over all alignments of the label with the frames (Graves et al. 2006,
 * Connectionist Temporal Classification): logits `[batch, time, classes]` before the softmax, labels `[batch, maxLabel]`
 * without blanks, of which the first labelLengths `[batch]` count, as the first inputLengths `[batch]` frames do; all
 * three are int32. The sums are in the log domain, the gradient is softmax − posterior.
 */
export function ctcLoss(
  logits: Value,
  labels: Value,
  inputLengths: Value,
  labelLengths: Value,
  { blank = 0, zeroInfinity = false }: CtcLossOptions = {},
): Value {
  const [batch, , classes] = requireFitting(logits, labels, [inputLengths, labelLengths], blank);
  const lattice = ctcLattice(labels, labelLengths, classes, blank);
  const frames = scoreFrames(logits, inputLengths, blank);
  const emissions = transpose(matmul(frames.scores, lattice.symbols), [1, 2, 0]);
  const forward = forwardPaths(lattice, emissions);
  const total = reshape(logSumExp(add(forward.total, lattice.ends), 0), [batch]);
  const isPossible = greater(total, logZero / 2);
  const loss = where(isPossible, subtract(frames.normalizer, total), zeroInfinity ? 0 : Infinity);

  const gradient = (dy: Value): Value => {
    const backward = backwardPaths(lattice, emissions);
    // Without a path all weights are differences of huge numbers; a total above them makes every posterior 0.
    const finite = where(isPossible, total, -logZero);
    const logPosteriors = subtract(add(add(forward.weights, backward.weights), emissions), finite);
    const posteriors = matmulTransposed(transpose(exp(logPosteriors), [2, 0, 1]), lattice.symbols);
    const factor = reshape(where(isPossible, dy, 0), [batch, 1, 1]);
    return multiply(subtract(frames.probabilities, posteriors), where(frames.isUsed, factor, 0));
  };
  return operation(
    'CtcLoss',
    [logits, labels, inputLengths, labelLengths],
    { type: 'float32', shape: [batch] },
    { lower: () => [loss], gradient: ([dy]) => [dy && gradient(dy)] },
  );
}

/** The logits as the lattice wants them. */
interface FrameScores {
  /** `[batch, time, 1]`, bool: whether the frame is one of the item's. */
  readonly isUsed: Value;
  /** `[batch, time, classes]`: logits less the frame's largest; a frame after the end is surely blank. */
  readonly scores: Value;
  /** `[batch]`: Σ ln Σ e^score over the frames, which all paths have in common. */
  readonly normalizer: Value;
  /** `[batch, time, classes]`: the softmax. */
  readonly probabilities: Value;
}

function scoreFrames(logits: Value, inputLengths: Value, blank: number): FrameScores {
  const [batch, time, classes] = logits.shape as number[];
  const isUsed = greater(reshape(inputLengths, [batch, 1, 1]), ascending(time, [1, time, 1]));
  const relative = subtract(logits, max(logits, [2], true));
  const logSum = log(sum(exp(relative), [2], true));
  const surelyBlank = Float32Array.from({ length: classes }, (_, i) => (i === blank ? 0 : logZero));
  return {
    isUsed,
    scores: where(isUsed, relative, constant(surelyBlank, [1, 1, classes])),
    normalizer: sum(where(isUsed, logSum, 0), [1, 2]),
    probabilities: exp(subtract(relative, logSum)),
  };
}

function requireFitting(logits: Value, labels: Value, lengths: readonly Value[], blank: number): readonly number[] {
  requireRank('ctcLoss', logits, 3, 'logits [batch, time, classes]');
  requireRank('ctcLoss', labels, 2, 'labels [batch, maxLabel]');
  const [batch, time, classes] = staticShape('ctcLoss', logits);
  const all = [labels, ...lengths];
  if (all.some(({ shape }) => shape[0] !== batch) || lengths.some(({ shape }) => shape.length !== 1)) {
    const shapes = all.map(({ shape }) => formatShape(shape)).join(', ');
    throw shapeError('ctcLoss', `labels and lengths ${shapes} do not fit logits ${formatShape(logits.shape)}`);
  }
  if (labels.shape[1] === 0) throw shapeError('ctcLoss', 'labels need room for one symbol, even if all are empty');
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
    throw shapeError('ctcLoss', `blank ${blank} is none of ${classes} classes`);
  return [batch, time, classes];
}
