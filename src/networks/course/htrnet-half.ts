import { z } from 'zod';
import { relu } from '../../graph/activation.ts';
import { add } from '../../graph/elementwise.ts';
import { maxPool2d } from '../../graph/max-pool.ts';
import type { Value } from '../../graph/value.ts';
import type { LayerContext } from '../layer-context.ts';
import { convLayer, convNormLayer, denseLayer } from '../layers.ts';
import type { LineNetwork } from '../line-network.ts';
import { lstmLayer } from './lstm-layer.ts';
import { columnsToSequence } from './window-layers.ts';

export const htrnetHalfConfig = z.strictObject({
  classes: z.int().min(2),
  units: z.int().min(1).default(128),
  layers: z.int().min(1).default(2),
  dropout: z.number().min(0).lt(1).default(0),
});

/** Residual blocks before, between and after the two poolings, by their channels. */
const stages = [
  [32, 32],
  [64, 64, 64],
  [128, 128],
] as const;

/**
 * HTRNet (Retsinas et al. 2022, Best Practices for a Handwritten Text Recognition System) at half its width: residual blocks,
 * the maximum over each column, LSTMs in both directions; images `[batch, 1, 64, width]` → logits `[batch, width / 8, classes]`.
 */
export function htrnetHalf(options: z.input<typeof htrnetHalfConfig>): LineNetwork {
  const config = htrnetHalfConfig.parse(options);
  const { classes, ...recurrence } = config;
  return {
    name: 'htrnet-half',
    config,
    height: 64,
    stride: 8,
    widthStep: 8,
    steps: (width) => Math.max(1, Math.ceil(width / 8)),
    build(context, images) {
      let x = relu(convLayer(context, 'stem', images, { outputs: 16, kernel: 7, stride: [4, 2], padding: 3 }));
      stages.forEach((blocks, stage) => {
        if (stage > 0) x = maxPool2d(x, { kernel: 2 });
        blocks.forEach((outputs, i) => (x = residualBlock(context, `stage${stage + 1}.${i + 1}`, x, outputs)));
      });
      const columns = columnsToSequence(maxPool2d(x, { kernel: [x.shape[2] as number, 1] }));
      const read = lstmLayer(context, 'lstm', columns, { ...recurrence, bidirectional: true });
      return denseLayer(context, 'logits', read, { outputs: classes, rectified: false });
    },
  };
}

/** relu(shortcut(x) + norm(conv(relu(norm(conv(x)))))); the shortcut is a 1×1 convolution where the channels change. */
function residualBlock(context: LayerContext, name: string, x: Value, outputs: number): Value {
  const shortcut = x.shape[1] === outputs ? x : convLayer(context, `${name}.shortcut`, x, { outputs, kernel: 1 });
  const inner = relu(convNormLayer(context, `${name}.a`, x, { outputs, kernel: 3, padding: 1 }));
  return relu(add(shortcut, convNormLayer(context, `${name}.b`, inner, { outputs, kernel: 3, padding: 1 })));
}
