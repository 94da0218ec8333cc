import { multiplyAccumulates } from '../graph/count-work.ts';
import { multiply } from '../graph/elementwise.ts';
import { softmax } from '../graph/loss.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { imageInput } from '../networks/image-input.ts';
import type { Network } from '../networks/network.ts';
import { ServingContext } from '../networks/serving-context.ts';

export interface ServingOptions {
  readonly height: number;
  readonly width: number;
  /** The logits are divided by it before the softmax; default 1. */
  readonly temperature?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The ONNX file that serves a character network: `images` `[batch, height, width]` (uint8, ink 255) → `logits` and
 * `probabilities` `[batch, classes]`.
 */
export function characterServingGraph(
  network: Network,
  weights: ReadonlyMap<string, Float32Array>,
  options: ServingOptions,
): Uint8Array {
  const logits = network.build(new ServingContext(weights), imageInput('batch', options.height, options.width).images);
  const probabilities = softmax(multiply(logits, 1 / (options.temperature ?? 1)));
  return toOnnx({ logits, probabilities }, { metadata: options.metadata });
}

/** Multiply-accumulates for one image. */
export function servingWork(
  network: Network,
  weights: ReadonlyMap<string, Float32Array>,
  { height, width }: ServingOptions,
): number {
  return multiplyAccumulates([network.build(new ServingContext(weights), imageInput(1, height, width).images)]);
}
