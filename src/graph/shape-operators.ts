import { broadcastShapes, sameShape } from './broadcast.ts';
import {
  constant,
  formatShape,
  int64s,
  operation,
  operations,
  requireAxis,
  scalar,
  shapeError,
  staticShape,
  type Dimension,
  type ElementType,
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

/** Permutes the dimensions: `result.shape[i] = x.shape[order[i]]`. */
export function transpose(x: Value, order: readonly number[]): Value {
  const isPermutation = [...order].sort((a, b) => a - b).every((axis, i) => axis === i);
  if (order.length !== x.shape.length || !isPermutation) {
    throw shapeError(
      'transpose',
      `order ${formatShape(order)} is no permutation of the axes of ${formatShape(x.shape)}`,
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

export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  /** Exclusive; when left out, up to the end. */
  readonly end?: number;
  readonly step?: number;
}

/** Takes `start:end:step` along the named axes; steps are positive. */
export function slice(x: Value, ranges: readonly SliceRange[]): Value {
  const shape: Dimension[] = [...x.shape];
  const full = ranges.map(({ axis, start, end, step = 1 }) => {
    requireAxis('slice', x, axis);
    const size = x.shape[axis];
    if (typeof size !== 'number')
      throw shapeError('slice', `axis ${axis} of ${formatShape(x.shape)} has no fixed size`);
    const stop = end ?? size;
    if (start < 0 || stop > size || start >= stop || step < 1) {
      throw shapeError('slice', `${start}:${stop}:${step} is outside axis ${axis} of ${formatShape(x.shape)}`);
    }
    shape[axis] = Math.ceil((stop - start) / step);
    return { axis, start, stop, step, size };
  });
  if (sameShape(shape, x.shape)) return x;
  const vectors = [full.map((r) => r.start), full.map((r) => r.stop), full.map((r) => r.axis), full.map((r) => r.step)];
  return operation(
    'Slice',
    [x, ...vectors.map(int64s)],
    { type: x.type, shape },
    {
      gradient: ([dy]) => [dy && full.reduce((value, range) => unslice(value, range), dy)],
    },
  );
}

/** The gradient of a slice along one axis: zeros between and around. */
function unslice(dy: Value, range: { axis: number; start: number; step: number; size: number }): Value {
  const spread = dilate(dy, range.axis, range.step);
  const length = spread.shape[range.axis] as number;
  return pad(spread, [{ axis: range.axis, before: range.start, after: range.size - range.start - length }]);
}

/** Puts `step − 1` zeros between neighbours along `axis`: size n → (n − 1)·step + 1. */
export function dilate(x: Value, axis: number, step: number): Value {
  if (step === 1) return x;
  const shape = staticShape('dilate', x);
  const opened = reshape(x, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
  const spread = pad(opened, [{ axis: axis + 1, before: 0, after: step - 1 }]);
  const joined = reshape(
    spread,
    shape.map((size, i) => (i === axis ? size * step : size)),
  );
  return slice(joined, [{ axis, start: 0, end: (shape[axis] - 1) * step + 1 }]);
}

export interface Padding {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** Puts a constant (0 when left out) around a value; negative amounts crop. */
export function pad(x: Value, paddings: readonly Padding[], fill = 0): Value {
  const used = paddings.filter(({ before, after }) => before !== 0 || after !== 0);
  if (used.length === 0) return x;
  const rank = x.shape.length;
  const amounts: number[] = Array.from({ length: 2 * rank }, () => 0);
  const shape: Dimension[] = [...x.shape];
  for (const { axis, before, after } of used) {
    requireAxis('pad', x, axis);
    amounts[axis] = before;
    amounts[axis + rank] = after;
    const size = shape[axis];
    if (typeof size !== 'number') throw shapeError('pad', `axis ${axis} of ${formatShape(x.shape)} has no fixed size`);
    shape[axis] = size + before + after;
    if (size + before + after < 1)
      throw shapeError('pad', `${before} and ${after} leave nothing of axis ${axis} of ${formatShape(x.shape)}`);
  }
  const back = used.map(({ axis, before, after }) => ({ axis, before: -before, after: -after }));
  return operation(
    'Pad',
    [x, int64s(amounts), scalar(fill)],
    { type: x.type, shape },
    {
      gradient: ([dy]) => [dy && pad(dy, back)],
    },
  );
}

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

/** Converts the element type; the gradient passes between float32 values only. */
export function cast(x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  const codes: Record<ElementType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
  return operation('Cast', [x], { type, shape: x.shape }, { attributes: { to: codes[type] } });
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
