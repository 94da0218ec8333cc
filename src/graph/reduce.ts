import { divide, equal, exp, multiply, log, add, subtract } from './elementwise.ts';
import { cast } from './cast.ts';
import { expand } from './expand.ts';
import { reshape } from './reshape.ts';
import { int64s, noGradient, operation, requireAxis, staticShape, type Shape, type Value } from './value.ts';

/** The shape with the reduced axes kept as 1, and the one that is asked for. */
function reducedShapes(name: string, x: Value, axes: readonly number[], keep: boolean): { kept: Shape; result: Shape } {
  for (const axis of axes) requireAxis(name, x, axis);
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  return { kept, result: keep ? kept : x.shape.filter((_, i) => !axes.includes(i)) };
}

const allAxes = (x: Value): readonly number[] => x.shape.map((_, i) => i);

/** The sum over `axes` (all, when left out). */
export function sum(x: Value, axes = allAxes(x), keep = false): Value {
  const { kept, result } = reducedShapes('sum', x, axes, keep);
  return operation(
    'ReduceSum',
    [x, int64s(axes)],
    { type: x.type, shape: result },
    {
      attributes: { keepdims: keep ? 1 : 0 },
      gradient: ([dy]) => [dy && expand(reshape(dy, kept), staticShape('sum', x)), undefined],
    },
  );
}

/** The arithmetic mean over `axes` (all, when left out). */
export function mean(x: Value, axes = allAxes(x), keep = false): Value {
  const { kept, result } = reducedShapes('mean', x, axes, keep);
  const count = () => axes.reduce((product, axis) => product * staticShape('mean', x)[axis], 1);
  return operation(
    'ReduceMean',
    [x, int64s(axes)],
    { type: x.type, shape: result },
    {
      attributes: { keepdims: keep ? 1 : 0 },
      gradient: ([dy]) => [dy && expand(multiply(reshape(dy, kept), 1 / count()), staticShape('mean', x)), undefined],
    },
  );
}

/** The largest element over `axes`; equal maxima share the gradient. */
export function max(x: Value, axes = allAxes(x), keep = false): Value {
  const { kept, result } = reducedShapes('max', x, axes, keep);
  const y: Value = operation(
    'ReduceMax',
    [x, int64s(axes)],
    { type: x.type, shape: result },
    {
      attributes: { keepdims: keep ? 1 : 0 },
      gradient: ([dy]) => {
        if (!dy) return [undefined];
        const hits = cast(equal(x, reshape(y, kept)), 'float32');
        return [multiply(hits, divide(reshape(dy, kept), sum(hits, axes, true)))];
      },
    },
  );
  return y;
}

/** √Σx² over all elements, a scalar. */
export function euclideanNorm(x: Value): Value {
  const y: Value = operation(
    'ReduceL2',
    [x],
    { type: x.type, shape: [] },
    {
      attributes: { keepdims: 0 },
      gradient: ([dy]) => [dy && multiply(x, divide(dy, y))],
    },
  );
  return y;
}

/** The index of the largest element along `axis`, int64; no gradient. */
export function argmax(x: Value, axis: number): Value {
  requireAxis('argmax', x, axis);
  const shape = x.shape.filter((_, i) => i !== axis);
  return operation('ArgMax', [x], { type: 'int64', shape }, { attributes: { axis, keepdims: 0 } });
}

/** ln Σ e^x along `axis`, kept as 1, without overflow. The shift by the maximum carries no gradient. */
export function logSumExp(x: Value, axis: number): Value {
  const shift = detach(max(x, [axis], true));
  return add(log(sum(exp(subtract(x, shift)), [axis], true)), shift);
}

/** The same value, through which no gradient flows. */
export function detach(x: Value): Value {
  return operation('Identity', [x], { type: x.type, shape: x.shape }, { gradient: noGradient });
}
