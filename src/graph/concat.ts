import { zeros } from './expand.ts';
import { formatShape, int64s, operation, operations, requireAxis, shapeError, type Value } from './value.ts';

/** Joins values along `axis`; all other sizes must agree. */
export function concat(values: readonly Value[], axis: number): Value {
  if (values.length === 0) throw shapeError('concat', 'there is nothing to join');
  const [first] = values;
  requireAxis('concat', first, axis);
  if (values.length === 1) return first;
  for (const { shape } of values) {
    const agrees =
      shape.length === first.shape.length && shape.every((size, i) => i === axis || size === first.shape[i]);
    if (!agrees)
      throw shapeError('concat', `${formatShape(first.shape)} and ${formatShape(shape)} differ outside axis ${axis}`);
  }
  const sizes = values.map((value) => value.shape[axis]);
  if (!sizes.every((size) => typeof size === 'number'))
    throw shapeError('concat', `unknown sizes ${formatShape(sizes)} on axis ${axis}`);
  const total = (sizes as number[]).reduce((a, b) => a + b, 0);
  const shape = first.shape.map((size, i) => (i === axis ? total : size));
  return operation(
    'Concat',
    values,
    { type: first.type, shape },
    {
      attributes: { axis },
      gradient: ([dy]) => (dy ? split(dy, sizes as number[], axis) : values.map(() => undefined)),
    },
  );
}

/** Cuts a value along `axis` into parts of the given sizes. */
export function split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  requireAxis('split', x, axis);
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== x.shape[axis] || sizes.some((size) => size < 1))
    throw shapeError('split', `sizes ${formatShape(sizes)} do not add up to axis ${axis} of ${formatShape(x.shape)}`);
  if (sizes.length === 1) return [x];
  const shapeOf = (size: number) => x.shape.map((old, i) => (i === axis ? size : old));
  return operations(
    'Split',
    [x, int64s(sizes)],
    sizes.map((size) => ({ type: x.type, shape: shapeOf(size) })),
    {
      attributes: { axis },
      gradient: (parts) => {
        if (parts.every((part) => part === undefined)) return [undefined];
        return [
          concat(
            parts.map((part, i) => part ?? zeros(shapeOf(sizes[i]))),
            axis,
          ),
        ];
      },
    },
  );
}
