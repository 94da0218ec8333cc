import { mean } from './reduce.ts';
import { requireRank, type Value } from './value.ts';

/** The mean over height and width: `[batch, channels, height, width]` → `[batch, channels]`. */
export function globalAveragePool(x: Value): Value {
  requireRank('globalAveragePool', x, 4, '[batch, channels, height, width]');
  return mean(x, [2, 3]);
}
