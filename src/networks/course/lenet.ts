import { z } from 'zod';
import { relu } from '../../graph/activation.ts';
import { maxPool2d } from '../../graph/max-pool.ts';
import { flatten } from '../../graph/reshape.ts';
import { convLayer, denseLayer, dropoutLayer } from '../layers.ts';
import type { Network } from '../network.ts';

export const lenetConfig = z.strictObject({
  classes: z.int().min(2),
  channels: z.tuple([z.int().min(1), z.int().min(1)]).default([32, 64]),
  hidden: z.int().min(1).default(128),
  dropout: z.number().min(0).lt(1).default(0.2),
});

/** Two 3×3 convolutions, pooling by 2, a dense layer and one to the classes, after LeCun et al. 1998. */
export function lenet(config: z.input<typeof lenetConfig>): Network {
  const { classes, channels, hidden, dropout } = lenetConfig.parse(config);
  return {
    name: 'lenet',
    config: { classes, channels, hidden, dropout },
    build(context, images) {
      const first = relu(convLayer(context, 'conv1', images, { outputs: channels[0], kernel: 3 }));
      const second = convLayer(context, 'conv2', first, { outputs: channels[1], kernel: 3 });
      // The rectifier commutes with the maximum, and has a quarter of the work behind it.
      const pooled = relu(maxPool2d(second, { kernel: 2 }));
      const features = relu(
        denseLayer(context, 'dense', dropoutLayer(context, flatten(pooled), dropout), { outputs: hidden }),
      );
      return denseLayer(context, 'logits', dropoutLayer(context, features, dropout), {
        outputs: classes,
        rectified: false,
      });
    },
  };
}
