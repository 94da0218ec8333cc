import { z } from 'zod';
import { relu } from '../graph/activation.ts';
import { globalAveragePool } from '../graph/global-average-pool.ts';
import { maxPool2d } from '../graph/max-pool.ts';
import { convNormLayer, denseLayer, dropoutLayer } from './layers.ts';
import type { Network } from './network.ts';
import { residualBlock } from './residual-block.ts';

export const characterCnnConfig = z.strictObject({
  classes: z.int().min(2),
  /** Channels at 28×28, 14×14 and 7×7 pixels. */
  channels: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]).default([32, 48, 96]),
  /** Residual blocks at 14×14 and at 7×7 pixels. */
  blocks: z.tuple([z.int().min(0), z.int().min(0)]).default([1, 1]),
  dropout: z.number().min(0).lt(1).default(0.2),
});

/** Of all convolutions but the first. */
const size = { kernel: 3, padding: 1 };

/** A small residual network (He et al. 2016) for 28×28 characters. */
export function characterCnn(config: z.input<typeof characterCnnConfig>): Network {
  const { classes, channels, blocks, dropout } = characterCnnConfig.parse(config);
  return {
    name: 'character-cnn',
    config: { classes, channels, blocks, dropout },
    build(context, images) {
      // The rectifier commutes with the maximum, and has a quarter of the work behind it.
      let x = relu(
        maxPool2d(convNormLayer(context, 'stem', images, { outputs: channels[0], kernel: 5, padding: 2 }), {
          kernel: 2,
        }),
      );
      x = relu(convNormLayer(context, 'stage1', x, { outputs: channels[1], ...size }));
      for (let i = 0; i < blocks[0]; i++) x = residualBlock(context, `stage1.${i}`, x, size);
      x = maxPool2d(x, { kernel: 2 });
      x = relu(convNormLayer(context, 'stage2', x, { outputs: channels[2], ...size }));
      for (let i = 0; i < blocks[1]; i++) x = residualBlock(context, `stage2.${i}`, x, size);
      const features = dropoutLayer(context, globalAveragePool(x), dropout);
      return denseLayer(context, 'logits', features, { outputs: classes, rectified: false });
    },
  };
}
