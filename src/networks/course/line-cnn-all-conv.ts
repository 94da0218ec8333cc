import { z } from 'zod';
import { relu } from '../../graph/activation.ts';
import { maxPool2d } from '../../graph/max-pool.ts';
import { convLayer, denseLayer, dropoutLayer } from '../layers.ts';
import type { LineNetwork } from '../line-network.ts';
import { paddingAfter, windowConfig, windowSizes } from './window-features.ts';
import { windowLayer } from './window-layers.ts';

export const lineCnnAllConvConfig = z.strictObject({
  classes: z.int().min(2),
  ...windowConfig,
});

/**
 * Convolutions over the whole line, padded so that they keep its size, pooling by 2, and one convolution as high as the line
 * that sees a window at a time; then a dense layer to the classes of each.
 */
export function lineCnnAllConv(options: z.input<typeof lineCnnAllConvConfig>): LineNetwork {
  const config = lineCnnAllConvConfig.parse(options);
  const { classes, window, stride, channels, features, dropout } = config;
  const pooled = { size: window / 2, stride: stride / 2 };
  return {
    name: 'line-cnn-all-conv',
    config,
    ...windowSizes(config),
    build(context, images) {
      const padding = [1, 1, 1, 1 + paddingAfter(config)] as const;
      const first = relu(convLayer(context, 'conv1', images, { outputs: channels[0], kernel: 3, padding }));
      const second = convLayer(context, 'conv2', first, { outputs: channels[1], kernel: 3, padding: 1 });
      const map = dropoutLayer(context, relu(maxPool2d(second, { kernel: 2 })), dropout);
      const read = relu(windowLayer(context, 'conv3', map, { outputs: features, ...pooled }));
      const kept = dropoutLayer(context, read, dropout);
      return denseLayer(context, 'logits', kept, { outputs: classes, rectified: false });
    },
  };
}
