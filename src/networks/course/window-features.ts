import { z } from 'zod';
import { relu } from '../../graph/activation.ts';
import { maxPool2d } from '../../graph/max-pool.ts';
import { pad } from '../../graph/pad.ts';
import { reshape } from '../../graph/reshape.ts';
import type { Value } from '../../graph/value.ts';
import { slidingWindows } from '../../graph/windows.ts';
import type { LayerContext } from '../layer-context.ts';
import { convLayer, dropoutLayer } from '../layers.ts';
import { windowLayer } from './window-layers.ts';

/** The configuration that networks of sliding windows share. */
export const windowConfig = {
  /** Pixels that lines must be high. */
  height: z.int().min(6).default(28),
  /** Columns that a window covers, and from one to the next; both even, so that all windows are pooled alike. */
  window: z.int().min(6).multipleOf(2).default(28),
  stride: z.int().min(2).multipleOf(2).default(14),
  channels: z.tuple([z.int().min(1), z.int().min(1)]).default([32, 64]),
  /** Features of a window. */
  features: z.int().min(1).default(128),
  dropout: z.number().min(0).lt(1).default(0.2),
};

const windowShape = z.object(windowConfig);
export type WindowConfig = z.output<typeof windowShape>;

/**
 * The features of lenet in windows of full height that slide over the images: `[batch, 1, height, width]` →
 * `[batch, windows, features]`. Its convolutions go over the whole image once and the windows are cut from what they find,
 * which gives the same as `cutWindowFeatures` for less work.
 */
export function windowFeatures(context: LayerContext, images: Value, options: WindowConfig): Value {
  const { window, stride, features, dropout } = options;
  const pooled = dropoutLayer(context, lenetConvolutions(context, images, options, paddingAfter(options)), dropout);
  return relu(
    windowLayer(context, 'dense', pooled, { outputs: features, size: pooledWindow(window), stride: stride / 2 }),
  );
}

/** The same with windows cut from the images, each read by itself. All sizes must be known. */
export function cutWindowFeatures(context: LayerContext, images: Value, options: WindowConfig): Value {
  const { window, stride, features, dropout } = options;
  const windows = slidingWindows(pad(images, [{ axis: 3, before: 0, after: paddingAfter(options) }]), window, stride);
  const [batch, count, , height] = windows.shape as number[];
  const single = reshape(windows, [batch * count, 1, height, window]);
  const pooled = dropoutLayer(context, lenetConvolutions(context, single, options, 0), dropout);
  const read = windowLayer(context, 'dense', pooled, { outputs: features, size: pooledWindow(window), stride: 1 });
  return reshape(relu(read), [batch, count, features]);
}

function lenetConvolutions(context: LayerContext, x: Value, { channels }: WindowConfig, right: number): Value {
  const padding = [0, 0, 0, right] as const;
  const first = relu(convLayer(context, 'conv1', x, { outputs: channels[0], kernel: 3, padding }));
  return relu(maxPool2d(convLayer(context, 'conv2', first, { outputs: channels[1], kernel: 3 }), { kernel: 2 }));
}

/** What two convolutions without padding and the pooling leave of a window. */
function pooledWindow(window: number): number {
  return Math.floor((window - 4) / 2);
}

/**
 * Columns of blank paper after the images, so that the last ones are in a window, too. Widths are multiples of the window:
 * where that is one of the stride, windows end with the image.
 */
export function paddingAfter({ window, stride }: Pick<WindowConfig, 'window' | 'stride'>): number {
  return window % stride === 0 ? 0 : stride - 1;
}

/** What `LineNetwork` says about sizes, for networks of windows. */
export function windowSizes({ height, window, stride }: Pick<WindowConfig, 'height' | 'window' | 'stride'>) {
  const steps = (width: number) => Math.max(1, Math.ceil((width - window) / stride) + 1);
  return { height, stride, widthStep: window, steps };
}
