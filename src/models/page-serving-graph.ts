import { sigmoid } from '../graph/activation.ts';
import { cast } from '../graph/cast.ts';
import { multiplyAccumulates } from '../graph/count-work.ts';
import { multiply } from '../graph/elementwise.ts';
import { slice } from '../graph/slice.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { type Dimension, input } from '../graph/value.ts';
import { imageInput, imageInputName } from '../networks/image-input.ts';
import type { Network } from '../networks/network.ts';
import { pageChannels, pageDistance, pageStride } from '../networks/page-network.ts';
import { ServingContext } from '../networks/serving-context.ts';

/** The page, in pixels, that a network's work is stated for. */
const referencePage = { width: 736, height: 960 } as const;

/**
 * The ONNX file that serves a page network: `images` `[batch, 1, height, width]` (uint8, as photographed, sides multiples of 32) →
 * `core` and `writing` (probabilities), `up` and `down` (in cells of 4 × 4 pixels), each `[batch, 1, height / 4, width / 4]`. Weights
 * are stored in 8 bits.
 */
export function pageServingGraph(
  network: Network,
  weights: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const shape: Dimension[] = ['batch', 1, 'height', 'width'];
  const images = multiply(cast(input(imageInputName, 'uint8', shape), 'float32'), 1 / 255);
  const answer = network.build(new ServingContext(weights), images);
  const channel = (index: number) => slice(answer, [{ axis: 1, start: index, end: index + 1 }]);
  const outputs = {
    core: sigmoid(channel(pageChannels.core)),
    writing: sigmoid(channel(pageChannels.writing)),
    up: multiply(channel(pageChannels.up), pageDistance / pageStride),
    down: multiply(channel(pageChannels.down), pageDistance / pageStride),
  };
  return toOnnx(outputs, { metadata, weights: 'int8' });
}

/** Multiply-accumulates for a page of 736 × 960 pixels. */
export function pageServingWork(network: Network, weights: ReadonlyMap<string, Float32Array>): number {
  const { images } = imageInput(1, referencePage.height, referencePage.width);
  return multiplyAccumulates([network.build(new ServingContext(weights), images)]);
}
