import { z } from 'zod';
import { relu } from '../../graph/activation.ts';
import { flatten } from '../../graph/reshape.ts';
import { denseLayer, dropoutLayer } from '../layers.ts';
import type { Network } from '../network.ts';

export const mlpConfig = z.strictObject({
  classes: z.int().min(2),
  hidden: z.array(z.int().min(1)).default([128, 128, 128]),
  dropout: z.number().min(0).lt(1).default(0.2),
});

/** Dense layers with rectifier and dropout, then one to the classes. */
export function mlp(config: z.input<typeof mlpConfig>): Network {
  const { classes, hidden, dropout } = mlpConfig.parse(config);
  return {
    name: 'mlp',
    config: { classes, hidden, dropout },
    build(context, images) {
      let x = flatten(images);
      hidden.forEach((outputs, i) => {
        x = dropoutLayer(context, relu(denseLayer(context, `dense${i + 1}`, x, { outputs })), dropout);
      });
      return denseLayer(context, 'logits', x, { outputs: classes, rectified: false });
    },
  };
}
