import { z } from 'zod';
import { relu } from '../graph/activation.ts';
import { add } from '../graph/elementwise.ts';
import { pixelShuffle } from '../graph/pixel-shuffle.ts';
import type { Value } from '../graph/value.ts';
import type { LayerContext } from './layer-context.ts';
import { convLayer, convNormLayer } from './layers.ts';
import type { Network } from './network.ts';
import { residualBlock } from './residual-block.ts';

const channels = z.int().min(1);

export const pageNetworkConfig = z.strictObject({
  /** Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the picture's size. */
  channels: z.tuple([channels, channels, channels, channels, channels]).default([16, 32, 64, 96, 128]),
  /** Channels on the way back, at 1/16, 1/8 and 1/4. */
  merged: z.tuple([channels, channels, channels]).default([64, 48, 32]),
});

/** Pictures are padded to multiples of this many pixels. */
export const pageStep = 32;
/** A pixel of the answer is this many of the picture wide and high. */
export const pageStride = 4;
/** The channels of the answer. */
export const pageChannels = { core: 0, writing: 1, up: 2, down: 3 } as const;
/** `up` and `down` are in units of this many pixels of the picture. */
export const pageDistance = 32;

/**
 * Finds writing: pictures `[batch, 1, height, width]` → `[batch, 4, height / 4, width / 4]`. For every pixel the logit of the core of
 * a line (from the baseline up to half the height of its tall letters), the logit of writing, and how far the line reaches above
 * and below its baseline, in units of 32 pixels. A feature pyramid (Lin et al. 2017) on residual convolutions (He et al. 2016).
 */
export function pageNetwork(config: z.input<typeof pageNetworkConfig>): Network {
  const parsed = pageNetworkConfig.parse(config);
  return { name: 'page-network', config: parsed, build: (context, images) => build(context, images, parsed) };
}

type Config = z.output<typeof pageNetworkConfig>;

function build(context: LayerContext, images: Value, { channels, merged }: Config): Value {
  let x = relu(convNormLayer(context, 'stem', images, { outputs: channels[0], kernel: 5, stride: 2, padding: 2 }));
  const levels = channels.slice(1).map((outputs, level) => {
    x = relu(convNormLayer(context, `down.${level}`, x, { outputs, kernel: 3, stride: 2, padding: 1 }));
    x = residualBlock(context, `level.${level}.0`, x, { kernel: 3, padding: 1 });
    if (level >= 2) x = residualBlock(context, `level.${level}.1`, x, { kernel: 3, padding: 2, dilation: 2 });
    return x;
  });
  merged.forEach((outputs, i) => {
    const below = levels[2 - i];
    const lateral = convLayer(context, `lateral.${i}`, below, { outputs, kernel: 1 });
    const upper = pixelShuffle(convLayer(context, `up.${i}`, x, { outputs: 4 * outputs, kernel: 1 }), 2, below);
    x = relu(convNormLayer(context, `merge.${i}`, relu(add(lateral, upper)), { outputs, kernel: 3, padding: 1 }));
  });
  return convLayer(context, 'answer', x, { outputs: 4, kernel: 1 });
}
