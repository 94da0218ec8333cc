import { multiplyAccumulates } from '../graph/count-work.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { imageInput } from '../networks/image-input.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import { ServingContext } from '../networks/serving-context.ts';
import { positionFrames } from './position-frames.ts';

/** The width in pixels of the line that a network's work is stated for. */
const referenceWidth = 1024;

/**
 * The ONNX file that serves a line network: `images` `[batch, height, width]` (uint8, ink 255) → `logits` `[batch, time, classes]` for
 * CTC. Weights are stored in 8 bits: a quarter of the bytes, and no more than 0.05 points of CER on any set it was measured on.
 */
export function lineServingGraph(
  network: LineNetwork,
  weights: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { images } = imageInput('batch', network.height, 'width');
  const logits = network.build(new ServingContext(weights), images);
  return toOnnx(
    { logits: network.positions === undefined ? logits : positionFrames(logits) },
    {
      metadata,
      weights: 'int8',
    },
  );
}

/** Multiply-accumulates for one line 1,024 pixels wide. */
export function lineServingWork(network: LineNetwork, weights: ReadonlyMap<string, Float32Array>): number {
  const { images } = imageInput(1, network.height, referenceWidth);
  return multiplyAccumulates([network.build(new ServingContext(weights), images)]);
}
