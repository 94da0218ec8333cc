import { sameShape } from './broadcast.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import {
  formatShape,
  int64s,
  operation,
  requireAxis,
  shapeError,
  staticShape,
  type Dimension,
  type Value,
} from './value.ts';

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

/** The gradient of a slice along one axis: zeros between and around. */
function unslice(dy: Value, range: { axis: number; start: number; step: number; size: number }): Value {
  const spread = dilate(dy, range.axis, range.step);
  const length = spread.shape[range.axis] as number;
  return pad(spread, [{ axis: range.axis, before: range.start, after: range.size - range.start - length }]);
}
