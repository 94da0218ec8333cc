import { gelu } from '../graph/activation.ts';
import { attention, hideUnused, joinHeads, splitHeads } from '../graph/attention.ts';
import { add } from '../graph/elementwise.ts';
import { relativeBias } from '../graph/positions.ts';
import { split } from '../graph/concat.ts';
import type { Value } from '../graph/value.ts';
import { filled } from './initializers.ts';
import type { LayerContext } from './layer-context.ts';
import { denseLayer, dropoutLayer, layerNormLayer } from './layers.ts';

export interface SelfAttentionOptions {
  /** How many times attention is paid, each with its share of the features. */
  readonly heads: number;
  /** Up to how many steps away a learned bias tells distances apart; no bias when left out. */
  readonly reach?: number;
  /** `[batch, time]` (uint8 or bool), 0 where an item has ended; all count when left out. */
  readonly isUsed?: Value;
}

/** Multi-head self-attention (Vaswani et al. 2017): x `[batch, time, features]` → the same shape. */
export function selfAttentionLayer(
  context: LayerContext,
  name: string,
  x: Value,
  { heads, reach, isUsed }: SelfAttentionOptions,
): Value {
  const features = x.shape[2] as number;
  const projected = denseLayer(context, `${name}.projections`, x, { outputs: 3 * features, rectified: false });
  const [queries, keys, values] = split(projected, [features, features, features], 2).map((part) =>
    splitHeads(part, heads),
  );
  const biases = [
    ...(reach === undefined ? [] : [relativeBias(x, distanceTable(context, name, heads, reach))]),
    ...(isUsed === undefined ? [] : [hideUnused(isUsed)]),
  ];
  const bias = biases.length === 0 ? undefined : biases.reduce(add);
  const attended = joinHeads(attention(queries, keys, values, bias));
  return denseLayer(context, `${name}.output`, attended, { outputs: features, rectified: false });
}

function distanceTable(context: LayerContext, name: string, heads: number, reach: number): Value {
  return context.parameter(`${name}.distances`, [heads, 2 * reach + 1], filled(0), { decay: false });
}

export interface TransformerBlockOptions extends SelfAttentionOptions {
  /** Hidden units of the perceptron, as a multiple of the features. Default 4. */
  readonly expansion?: number;
  /** What is dropped of either branch. Default 0. */
  readonly dropout?: number;
}

/**
 * x + attention(norm(x)), then x + perceptron(norm(x)): a transformer's encoder layer with the normalisation first (Xiong et
 * al. 2020); x `[batch, time, features]` → the same shape.
 */
export function transformerBlock(
  context: LayerContext,
  name: string,
  x: Value,
  { expansion = 4, dropout = 0, ...options }: TransformerBlockOptions,
): Value {
  const features = x.shape[2] as number;
  const attended = selfAttentionLayer(
    context,
    `${name}.attention`,
    layerNormLayer(context, `${name}.norm1`, x),
    options,
  );
  const middle = add(x, dropoutLayer(context, attended, dropout));
  const normalized = layerNormLayer(context, `${name}.norm2`, middle);
  const hidden = gelu(denseLayer(context, `${name}.expand`, normalized, { outputs: expansion * features }));
  const reduced = denseLayer(context, `${name}.reduce`, hidden, { outputs: features, rectified: false });
  return add(middle, dropoutLayer(context, reduced, dropout));
}
