import { matmul, matmulTransposed } from './dense.ts';
import { add, multiply, subtract } from './elementwise.ts';
import { softmax } from './loss.ts';
import { cast } from './cast.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { formatShape, requireRank, shapeError, type Value } from './value.ts';

/** Far enough below every score that the softmax gives it nothing. */
const hidden = -1e9;

/**
 * softmax(q · kᵀ / √size + bias) · v, scaled dot-product attention (Vaswani et al. 2017): queries, keys and values
 * `[batch, heads, time, size]`; the bias broadcasts to `[batch, heads, time, time]`.
 */
export function attention(queries: Value, keys: Value, values: Value, bias?: Value): Value {
  requireRank('attention', queries, 4, '[batch, heads, time, size]');
  const size = queries.shape[3] as number;
  const scores = matmulTransposed(multiply(queries, 1 / Math.sqrt(size)), keys);
  return matmul(softmax(bias ? add(scores, bias) : scores), values);
}

/** `[batch, time, features]` → `[batch, heads, time, features / heads]`. */
export function splitHeads(x: Value, heads: number): Value {
  const [batch, time, features] = x.shape;
  const size = (features as number) / heads;
  if (!Number.isInteger(size))
    throw shapeError('splitHeads', `${features} features do not divide into ${heads} heads in ${formatShape(x.shape)}`);
  return transpose(reshape(x, [batch, time, heads, size]), [0, 2, 1, 3]);
}

/** `[batch, heads, time, size]` → `[batch, time, heads · size]`. */
export function joinHeads(x: Value): Value {
  const [batch, heads, time, size] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, time, (heads as number) * (size as number)]);
}

/** A bias `[batch, 1, 1, time]` that hides the times where `isUsed` `[batch, time]` (uint8 or bool) is 0. */
export function hideUnused(isUsed: Value): Value {
  const [batch, time] = isUsed.shape;
  return reshape(multiply(subtract(1, cast(isUsed, 'float32')), hidden), [batch, 1, 1, time]);
}
