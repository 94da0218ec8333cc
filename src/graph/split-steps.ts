import { reshape } from './reshape.ts';
import { int64s, operation, requireRank, shapeError, type Value } from './value.ts';

/**
 * Makes `factor` steps of each: `[batch, time, factor · features]` → `[batch, factor · time, features]`, the sub-pixel
 * rearrangement of Shi et al. 2016 in one dimension.
 */
export function splitSteps(x: Value, factor: number): Value {
  requireRank('splitSteps', x, 3, '[batch, time, factor · features]');
  const [batch, time, together] = x.shape;
  const features = Number(together) / factor;
  if (!Number.isInteger(features))
    throw shapeError('splitSteps', `${together} features cannot be split into ${factor} equal parts`);
  if (typeof time === 'number') return reshape(x, [batch, factor * time, features]);
  const shape = [batch, `${factor}*(${time})`, features];
  return operation('Reshape', [x, int64s([0, -1, features])], { type: x.type, shape });
}
