import { formatShape, operation, shapeError, type Value } from './value.ts';

/** Permutes the dimensions: `result.shape[i] = x.shape[order[i]]`. */
export function transpose(x: Value, order: readonly number[]): Value {
  const isPermutation = [...order].sort((a, b) => a - b).every((axis, i) => axis === i);
  if (order.length !== x.shape.length || !isPermutation) {
    throw shapeError(
      'transpose',
      `order ${formatShape(order)} is not a permutation of the axes of ${formatShape(x.shape)}`,
    );
  }
  const inverse = order.map((_, i) => order.indexOf(i));
  return operation(
    'Transpose',
    [x],
    { type: x.type, shape: order.map((axis) => x.shape[axis]) },
    { attributes: { perm: order }, gradient: ([dy]) => [dy && transpose(dy, inverse)] },
  );
}
