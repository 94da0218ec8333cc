import { broadcastShapes, sameShape } from './broadcast.ts';
import { reshape } from './reshape.ts';
import {
  constant,
  formatShape,
  int64s,
  operation,
  shapeError,
  type Dimension,
  type Shape,
  type Value,
} from './value.ts';

/** Repeats sizes of 1 up to `shape` (ONNX's Expand). */
export function expand(x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes('expand', x.shape, shape), shape))
    throw shapeError('expand', `${formatShape(x.shape)} cannot become ${formatShape(shape)}`);
  return operation(
    'Expand',
    [x, int64s(shape)],
    { type: x.type, shape },
    {
      gradient: ([dy]) => [dy && sumOver(dy, x.shape)],
    },
  );
}

/** A float32 block of zeros. */
export function zeros(shape: readonly Dimension[]): Value {
  return expand(
    constant(
      Float32Array.of(0),
      shape.map(() => 1),
    ),
    staticSizes(shape),
  );
}

/** Adds up what broadcasting repeated, so that a gradient gets the shape of its operand. */
export function sumOver(gradient: Value, shape: Shape): Value {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((_, i) => i)
    .filter((i) => i < extra || (shape[i - extra] === 1 && gradient.shape[i] !== 1));
  if (axes.length === 0) return gradient;
  const kept = gradient.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const summed = operation(
    'ReduceSum',
    [gradient, int64s(axes)],
    { type: gradient.type, shape: kept },
    {
      attributes: { keepdims: 1 },
      gradient: ([dy]) => [dy && expand(dy, staticSizes(gradient.shape)), undefined],
    },
  );
  return reshape(summed, shape);
}

function staticSizes(shape: Shape): readonly number[] {
  if (shape.every((size) => typeof size === 'number')) return shape;
  throw shapeError('expand', `needs fixed sizes, got ${formatShape(shape)}`);
}
