import { sameShape } from './broadcast.ts';
import { multiply } from './elementwise.ts';
import { cast } from './cast.ts';
import { formatShape, shapeError, type Value } from './value.ts';

/**
 * Inverted dropout (Srivastava et al. 2014): x · keep / (share kept). `keep` holds 1 or 0 for each element (uint8 or
 * float32); it is an input of the graph, so that a resumed training draws the same numbers on every device.
 */
export function dropout(x: Value, keep: Value, keptShare: number): Value {
  if (!sameShape(x.shape, keep.shape))
    throw shapeError('dropout', `mask ${formatShape(keep.shape)} does not fit ${formatShape(x.shape)}`);
  // The mask is scaled once, for the forward and the backward pass.
  return multiply(x, multiply(cast(keep, 'float32'), 1 / keptShare));
}
