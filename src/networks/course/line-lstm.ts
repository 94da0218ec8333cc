import { z } from 'zod';
import { concat } from '../../graph/concat.ts';
import { gather } from '../../graph/gather.ts';
import { slice } from '../../graph/slice.ts';
import { int64s, type Value } from '../../graph/value.ts';
import type { LayerContext } from '../layer-context.ts';
import { denseLayer } from '../layers.ts';
import type { LineNetwork } from '../line-network.ts';
import { lstmLayer } from './lstm-layer.ts';
import { windowConfig, windowFeatures } from './window-features.ts';

export const lineLstmConfig = z.strictObject({
  classes: z.int().min(2),
  ...windowConfig,
  units: z.int().min(1).default(128),
  /** Characters of the longest text. */
  positions: z.int().min(1).default(34),
});

/**
 * Sequence to sequence (Sutskever et al. 2014): an LSTM reads lenet's features of sliding windows; what it remembers at the
 * end, repeated for each position of the text, goes through a second LSTM, and a dense layer to the classes of each position.
 */
export function lineLstm(options: z.input<typeof lineLstmConfig>): LineNetwork {
  const config = lineLstmConfig.parse(options);
  const { classes, window, units, positions } = config;
  return {
    name: 'line-lstm',
    config,
    height: config.height,
    // What is remembered at the end depends on how much blank paper comes last: lines are padded to one width, with room for a
    // character one window wide at each position.
    widthStep: window * positions,
    positions,
    steps: () => positions,
    build(context, images) {
      const features = windowFeatures(context, images, config);
      const memory = lastStep(context, lstmLayer(context, 'encoder', features, { units }));
      const repeated = concat(
        Array.from({ length: positions }, () => memory),
        1,
      );
      const written = lstmLayer(context, 'decoder', repeated, { units });
      return denseLayer(context, 'logits', written, { outputs: classes, rectified: false });
    },
  };
}

/** `[batch, time, units]` → `[batch, 1, units]`. */
function lastStep({ training }: LayerContext, x: Value): Value {
  // Only a gather can count from an end that is not known yet; only a slice has a gradient.
  return training ? slice(x, [{ axis: 1, start: (x.shape[1] as number) - 1 }]) : gather(x, int64s([-1]), 1);
}
