import { sameShape } from './broadcast.ts';
import { add, equal, exp, multiply, negate, subtract } from './elementwise.ts';
import { argmax, logSumExp, mean, sum } from './reduce.ts';
import { cast } from './cast.ts';
import { reshape } from './reshape.ts';
import { constant, formatShape, operation, requireAxis, shapeError, staticShape, type Value } from './value.ts';

/** ln softmax along the last dimension, written out so that every device has its operators. */
export function logSoftmax(x: Value): Value {
  return subtract(x, logSumExp(x, x.shape.length - 1));
}

/** Softmax along the last dimension (ONNX's Softmax). */
export function softmax(x: Value): Value {
  const axis = x.shape.length - 1;
  requireAxis('softmax', x, axis);
  const y: Value = operation(
    'Softmax',
    [x],
    { type: x.type, shape: x.shape },
    {
      attributes: { axis },
      gradient: ([dy]) => {
        if (!dy) return [undefined];
        const weighted = multiply(dy, y);
        return [subtract(weighted, multiply(y, sum(weighted, [axis], true)))];
      },
    },
  );
  return y;
}

/** The labels `[batch]` (int32) as `[batch, classes]` of 0 and 1. */
export function oneHot(labels: Value, classes: number): Value {
  const numbers = constant(
    Int32Array.from({ length: classes }, (_, i) => i),
    [1, classes],
  );
  return cast(equal(reshape(labels, [...labels.shape, 1]), numbers), 'float32');
}

/**
 * The mean of −ln p(label) over all labels: logits `[…, classes]`, labels `[…]` (int32), e.g. `[batch]` or `[batch, time]`.
 * With `smoothing` s, the target is (1 − s) for the label plus s / classes for every class (Szegedy et al. 2015).
 */
export function softmaxCrossEntropy(logits: Value, labels: Value, smoothing = 0): Value {
  if (logits.shape.length < 2 || !sameShape(labels.shape, logits.shape.slice(0, -1))) {
    throw shapeError(
      'softmaxCrossEntropy',
      `labels ${formatShape(labels.shape)} do not fit logits ${formatShape(logits.shape)}`,
    );
  }
  const classes = logits.shape.at(-1) as number;
  const hot = oneHot(labels, classes);
  return softCrossEntropy(logits, smoothing === 0 ? hot : add(multiply(hot, 1 - smoothing), smoothing / classes));
}

/**
 * The mean of −Σ p ln softmax(logits): logits and target probabilities p `[…, classes]`, which sum to 1 and are taken as
 * given: no gradient flows to them.
 */
export function softCrossEntropy(logits: Value, target: Value): Value {
  if (logits.shape.length < 2 || !sameShape(target.shape, logits.shape)) {
    throw shapeError(
      'softCrossEntropy',
      `targets ${formatShape(target.shape)} do not fit logits ${formatShape(logits.shape)}`,
    );
  }
  const last = logits.shape.length - 1;
  const count = () =>
    staticShape('softCrossEntropy', logits).reduce((a, b) => a * b, 1) / (logits.shape[last] as number);
  return operation(
    'SoftmaxCrossEntropy',
    [logits, target],
    { type: 'float32', shape: [] },
    {
      lower: ([scores, wanted]) => [negate(mean(sum(multiply(logSoftmax(scores), wanted), [last])))],
      gradient: ([dy]) => {
        if (!dy) return [undefined];
        const excess = subtract(exp(logSoftmax(logits)), target);
        return [multiply(excess, multiply(dy, 1 / count()))];
      },
    },
  );
}

/** How many of the batch have their largest logit at the label, float32 scalar. */
export function countCorrect(logits: Value, labels: Value): Value {
  return sum(cast(equal(cast(argmax(logits, 1), 'int32'), labels), 'float32'));
}
