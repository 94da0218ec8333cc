import { z } from 'zod';
import { denseLayer } from '../layers.ts';
import type { LineNetwork } from '../line-network.ts';
import { lstmLayer } from './lstm-layer.ts';
import { windowConfig, windowFeatures, windowSizes } from './window-features.ts';

export const lineLstmCtcConfig = z.strictObject({
  classes: z.int().min(2),
  ...windowConfig,
  units: z.int().min(1).default(128),
  layers: z.int().min(1).default(1),
  bidirectional: z.boolean().default(false),
});

/** Lenet's features of sliding windows, an LSTM over them, and a dense layer to the classes of each frame, for CTC. */
export function lineLstmCtc(options: z.input<typeof lineLstmCtcConfig>): LineNetwork {
  const config = lineLstmCtcConfig.parse(options);
  const { classes, units, layers, bidirectional, dropout } = config;
  return {
    name: 'line-lstm-ctc',
    config,
    ...windowSizes(config),
    build(context, images) {
      const features = windowFeatures(context, images, config);
      const read = lstmLayer(context, 'lstm', features, { units, layers, bidirectional, dropout });
      return denseLayer(context, 'logits', read, { outputs: classes, rectified: false });
    },
  };
}
