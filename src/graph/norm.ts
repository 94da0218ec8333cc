import { add, divide, multiply, sqrt, square, subtract } from './elementwise.ts';
import { detach, mean, sum } from './reduce.ts';
import { reshape } from './reshape.ts';
import { formatShape, operations, requireRank, shapeError, staticShape, type Value } from './value.ts';

/** What batch normalisation gives in training: the result, and the batch's statistics, without gradient, for the running ones. */
export interface BatchNormResult {
  readonly y: Value;
  /** `[channels]` */
  readonly mean: Value;
  /** `[channels]`, divided by n − 1, as PyTorch's running variance. */
  readonly variance: Value;
}

const channelAxes = [0, 2, 3];

/**
 * Batch normalisation with the batch's own statistics (Ioffe and Szegedy 2015): x `[batch, channels, height, width]`,
 * scale and shift `[channels]`.
 */
export function batchNormTraining(x: Value, scale: Value, shift: Value, epsilon = 1e-5): BatchNormResult {
  requireChannels('batchNorm', x, [scale, shift]);
  const [batch, channels, height, width] = staticShape('batchNorm', x);
  const count = batch * height * width;
  const column = [1, channels, 1, 1];
  const [y, average, variance] = operations(
    'BatchNormTraining',
    [x, scale, shift],
    [x, { type: x.type, shape: column }, { type: x.type, shape: column }].map(({ type, shape }) => ({ type, shape })),
    {
      lower: ([input, gain, offset]) => {
        const center = mean(input, channelAxes, true);
        const spread = mean(square(subtract(input, center)), channelAxes, true);
        const factor = divide(reshape(gain, column), sqrt(add(spread, epsilon)));
        return [
          add(multiply(input, factor), subtract(reshape(offset, column), multiply(center, factor))),
          center,
          spread,
        ];
      },
      gradient: ([dy]) => (dy ? batchNormGradients(x, dy, scale, average, variance, epsilon, count) : []),
    },
  );
  const unbiased = multiply(variance, count / Math.max(1, count - 1));
  return { y, mean: detach(reshape(average, [channels])), variance: detach(reshape(unbiased, [channels])) };
}

function batchNormGradients(
  x: Value,
  dy: Value,
  scale: Value,
  average: Value,
  variance: Value,
  epsilon: number,
  count: number,
): readonly Value[] {
  const inverse = divide(1, sqrt(add(variance, epsilon)));
  const normalized = multiply(subtract(x, average), inverse);
  const dShift = sum(dy, channelAxes, true);
  const dScale = sum(multiply(dy, normalized), channelAxes, true);
  const correction = multiply(add(dShift, multiply(normalized, dScale)), 1 / count);
  const dx = multiply(subtract(dy, correction), multiply(inverse, reshape(scale, average.shape)));
  return [dx, reshape(dScale, scale.shape), reshape(dShift, scale.shape)];
}

function requireChannels(operator: string, x: Value, vectors: readonly Value[]): void {
  requireRank(operator, x, 4, '[batch, channels, height, width]');
  for (const { shape } of vectors) {
    if (shape.length !== 1 || shape[0] !== x.shape[1])
      throw shapeError(operator, `${formatShape(shape)} does not fit the channels of ${formatShape(x.shape)}`);
  }
}
