import { int64s, operation, requireAxis, staticShape, type Value } from './value.ts';

/** Rows of `x` along `axis` at integer `indices` (int64 or int32). */
export function gather(x: Value, indices: Value, axis: number): Value {
  requireAxis('gather', x, axis);
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return operation('Gather', [x, indices], { type: x.type, shape }, { attributes: { axis } });
}

/** Turns the order along `axis` around. */
export function reverse(x: Value, axis: number): Value {
  requireAxis('reverse', x, axis);
  const size = staticShape('reverse', x)[axis];
  if (size === 1) return x;
  const indices = int64s(Array.from({ length: size }, (_, i) => size - 1 - i));
  const result = gather(x, indices, axis);
  return operation(
    'Gather',
    [x, indices],
    { type: x.type, shape: result.shape },
    {
      attributes: { axis },
      gradient: ([dy]) => [dy && reverse(dy, axis), undefined],
    },
  );
}
