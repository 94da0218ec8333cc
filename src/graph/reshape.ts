import { sameShape } from './broadcast.ts';
import {
  formatShape,
  int64s,
  operation,
  requireAxis,
  shapeError,
  type Dimension,
  type Shape,
  type Value,
} from './value.ts';

/** The same elements under another shape (row-major). At most one size may be -1: it follows from the others. */
export function reshape(x: Value, shape: Shape): Value {
  const wanted = inferSize(x, shape);
  if (sameShape(wanted, x.shape)) return x;
  return operation(
    'Reshape',
    [x, int64s(onnxSizes(x, wanted))],
    { type: x.type, shape: wanted },
    { gradient: ([dy]) => [dy && reshape(dy, x.shape)] },
  );
}

/** Joins the dimensions from `axis` on: `[batch, 64, 12, 12]` → `[batch, 9216]`. */
export function flatten(x: Value, axis = 1): Value {
  requireAxis('flatten', x, axis);
  const tail = x.shape.slice(axis);
  if (!tail.every((size) => typeof size === 'number')) throw shapeError('flatten', `cannot join ${formatShape(tail)}`);
  return reshape(x, [...x.shape.slice(0, axis), (tail as number[]).reduce((a, b) => a * b, 1)]);
}

function inferSize(x: Value, shape: Shape): Shape {
  const known = (sizes: Shape) =>
    sizes.filter((size): size is number => typeof size === 'number' && size !== -1).reduce((a, b) => a * b, 1);
  const names = (sizes: Shape) =>
    sizes
      .filter((size) => typeof size === 'string')
      .sort()
      .join();
  const hole = shape.indexOf(-1);
  const wanted = hole < 0 ? shape : shape.map((size, i) => (i === hole ? known(x.shape) / known(shape) : size));
  const fits =
    !wanted.includes(-1) &&
    known(wanted) === known(x.shape) &&
    names(wanted) === names(x.shape) &&
    Number.isInteger(wanted[hole] ?? 1);
  if (!fits) throw shapeError('reshape', `${formatShape(x.shape)} has other elements than ${formatShape(shape)}`);
  return wanted;
}

/** ONNX's encoding: 0 for an unknown size that is copied from the same position, -1 for the one other. */
function onnxSizes(x: Value, shape: Shape): number[] {
  const isMoved = (size: Dimension, i: number) => typeof size === 'string' && x.shape[i] !== size;
  const moved = shape.filter(isMoved).length;
  const fewUnknown = shape.filter((size) => typeof size === 'string').length === 1;
  if (moved > 1)
    throw shapeError('reshape', `cannot tell the sizes of ${formatShape(shape)} from ${formatShape(x.shape)}`);
  return shape.map((size, i) => {
    if (typeof size === 'number') return size;
    return fewUnknown || isMoved(size, i) ? -1 : 0;
  });
}
