import { matmul } from './dense.ts';
import { add, clip, multiply, subtract } from './elementwise.ts';
import { cast } from './cast.ts';
import { concat } from './concat.ts';
import { expand } from './expand.ts';
import { gather } from './gather.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { constant, formatShape, operation, shapeError, type Value } from './value.ts';

/** 0, 1, …, size − 1 (float32) for the size of x along `axis`, which may be known only when the graph runs. */
export function positionsAlong(x: Value, axis: number): Value {
  const size = x.shape[axis];
  if (typeof size === 'number')
    return constant(
      Float32Array.from({ length: size }, (_, i) => i),
      [size],
    );
  const sizes = operation('Shape', [x], { type: 'int64', shape: [1] }, { attributes: { start: axis, end: axis + 1 } });
  const [zero, one] = [0n, 1n].map((value) => constant(BigInt64Array.of(value), []));
  return cast(operation('Range', [zero, reshape(sizes, []), one], { type: 'int64', shape: [size] }), 'float32');
}

/**
 * Sines and cosines of the position at wavelengths from 2π to 10,000 · 2π (Vaswani et al. 2017), sines first, for x
 * `[batch, time, features]`: `[time, features]`.
 */
export function sinusoidalPositions(x: Value): Value {
  const features = x.shape.at(-1) as number;
  if (features % 2 !== 0)
    throw shapeError('sinusoidalPositions', `needs an even number of features, got ${formatShape(x.shape)}`);
  const half = features / 2;
  const rates = constant(
    Float32Array.from({ length: half }, (_, i) => 10_000 ** (-i / half)),
    [1, half],
  );
  const time = x.shape.at(-2)!;
  const angles = multiply(reshape(positionsAlong(x, x.shape.length - 2), [time, 1]), rates);
  const wave = (name: 'Sin' | 'Cos') => operation(name, [angles], { type: 'float32', shape: [time, half] });
  return concat([wave('Sin'), wave('Cos')], 1);
}

/**
 * A learned bias for how far a key is from its query (Shaw et al. 2018), for x `[batch, time, features]`: table
 * `[heads, 2 · reach + 1]`, from `reach` to the left to `reach` to the right; farther ones share the outermost →
 * `[heads, time, time]`.
 */
export function relativeBias(x: Value, table: Value): Value {
  const time = x.shape.at(-2)!;
  const reach = ((table.shape[1] as number) - 1) / 2;
  if (typeof time === 'number') return alongDiagonals(matmul(table, distanceClasses(time, reach)), time);
  const positions = positionsAlong(x, x.shape.length - 2);
  const distances = subtract(reshape(positions, [1, time]), reshape(positions, [time, 1]));
  return gather(table, cast(add(clip(distances, -reach, reach), reach), 'int32'), 1);
}

/** `[2 · reach + 1, 2 · time − 1]`: 1 where the distance, from 1 − time to time − 1, has that entry of the table. */
function distanceClasses(time: number, reach: number): Value {
  const [rows, columns] = [2 * reach + 1, 2 * time - 1];
  const ones = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const distance = Math.max(-reach, Math.min(reach, column - (time - 1)));
    ones[(distance + reach) * columns + column] = 1;
  }
  return constant(ones, [rows, columns]);
}

/** `[heads, 2 · time − 1]` → `[heads, time, time]` with element j − i + time − 1 at [i, j]. */
function alongDiagonals(values: Value, time: number): Value {
  const [heads, width] = values.shape as number[];
  // The row over and over with a gap after it, cut into rows without the gap: each begins one element later.
  const padded = pad(reshape(values, [heads, 1, width]), [{ axis: 2, before: 0, after: 1 }]);
  const repeated = reshape(expand(padded, [heads, time, width + 1]), [heads, time * (width + 1)]);
  const skewed = reshape(slice(repeated, [{ axis: 1, start: 0, end: time * width }]), [heads, time, width]);
  return slice(skewed, [{ axis: 2, start: time - 1 }]);
}
