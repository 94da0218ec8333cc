import {
  formatShape,
  int64s,
  operation,
  requireAxis,
  scalar,
  shapeError,
  type Dimension,
  type Value,
} from './value.ts';

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
