import { z } from 'zod';
import type { Value } from '../../graph/value.ts';
import { denseLayer, dropoutLayer } from '../layers.ts';
import type { LineNetwork } from '../line-network.ts';
import { cutWindowFeatures, windowConfig, windowFeatures, windowSizes } from './window-features.ts';

export const lineCnnSlidingWindowConfig = z.strictObject({
  classes: z.int().min(2),
  ...windowConfig,
  window: windowConfig.window.default(16),
  stride: windowConfig.stride.default(10),
  /** Whether windows are cut out of the line and read one by one, as in the course, where its width is known. */
  cut: z.boolean().default(true),
});

/**
 * Lenet in windows that slide over the line, each cut out and read by itself. Without `cut`, and where sizes are known only when
 * the graph runs, its convolutions go over the whole line instead, with the same result for less work.
 */
export function lineCnnSlidingWindow(options: z.input<typeof lineCnnSlidingWindowConfig>): LineNetwork {
  const config = lineCnnSlidingWindowConfig.parse(options);
  return {
    name: 'line-cnn-sliding-window',
    config,
    ...windowSizes(config),
    build(context, images) {
      const read = config.cut && hasKnownSizes(images) ? cutWindowFeatures : windowFeatures;
      const features = dropoutLayer(context, read(context, images, config), config.dropout);
      return denseLayer(context, 'logits', features, { outputs: config.classes, rectified: false });
    },
  };
}

function hasKnownSizes({ shape }: Value): boolean {
  return shape.every((size) => typeof size === 'number');
}
