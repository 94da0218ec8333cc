import { relu } from '../graph/activation.ts';
import { add } from '../graph/elementwise.ts';
import type { Value } from '../graph/value.ts';
import type { LayerContext } from './layer-context.ts';
import { convNormLayer, type ConvLayerOptions } from './layers.ts';

/**
 * relu(x + norm(conv(relu(norm(conv(x)))))), channels and size unchanged (He et al. 2016). It begins as the identity where x
 * is rectified (Goyal et al. 2017, "Accurate, large minibatch SGD", 5.1), so a network that has learned can be given more
 * blocks and continue from where it was.
 */
export function residualBlock(
  context: LayerContext,
  name: string,
  x: Value,
  options: Omit<ConvLayerOptions, 'outputs'>,
): Value {
  const outputs = x.shape[1] as number;
  const inner = relu(convNormLayer(context, `${name}.a`, x, { ...options, outputs }));
  return relu(add(x, convNormLayer(context, `${name}.b`, inner, { ...options, outputs, initialScale: 0 })));
}
