import { conv2d } from '../../graph/conv.ts';
import { matmulTransposed } from '../../graph/dense.ts';
import { add } from '../../graph/elementwise.ts';
import { flatten, reshape } from '../../graph/reshape.ts';
import { transpose } from '../../graph/transpose.ts';
import type { Value } from '../../graph/value.ts';
import { slidingWindows } from '../../graph/windows.ts';
import { filled, heNormal } from '../initializers.ts';
import type { LayerContext } from '../layer-context.ts';

/** `[batch, channels, 1, width]` → `[batch, width, channels]`: columns become time steps. */
export function columnsToSequence(x: Value): Value {
  const [batch, channels, , width] = x.shape;
  return reshape(transpose(x, [0, 3, 1, 2]), [batch, width, channels]);
}

export interface WindowLayerOptions {
  readonly outputs: number;
  /** Columns that a window covers. */
  readonly size: number;
  /** Columns from one window to the next. */
  readonly stride: number;
}

/**
 * A dense layer over windows of full height: x `[batch, channels, height, width]` → `[batch, windows, outputs]`. In training it
 * is one large matrix product; served it is the same as a convolution, for any width.
 */
export function windowLayer(
  context: LayerContext,
  name: string,
  x: Value,
  { outputs, size, stride }: WindowLayerOptions,
): Value {
  const [, channels, height] = x.shape as number[];
  const shape = [outputs, channels, height, size];
  const fanIn = channels * height * size;
  const weight = context.parameter(`${name}.weight`, shape, heNormal(fanIn));
  const bias = context.parameter(`${name}.bias`, [outputs], filled(0), { decay: false });
  const isOne = x.shape[3] === size;
  if (!isOne && !context.training) return columnsToSequence(conv2d(x, weight, bias, { stride: [1, stride] }));
  const windows = isOne ? reshape(x, [x.shape[0], 1, fanIn]) : flatten(slidingWindows(x, size, stride), 2);
  return add(matmulTransposed(windows, flatten(weight)), bias);
}
