import { toOnnx } from '../graph/to-onnx.ts';
import { imageInput } from '../networks/image-input.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import { ServingContext } from '../networks/serving-context.ts';
import { initialParameters, TrainingContext } from '../networks/training-context.ts';
import { Random } from '../random/random.ts';
import { Session } from '../runtime/session.ts';
import { measure, type BenchmarkOptions } from './measure.ts';

/**
 * Logits of random lines with random weights, one at a time unless `batch` says otherwise; from a graph for any batch and width, or
 * for just this one.
 */
export async function benchLineInference(
  network: LineNetwork,
  width: number,
  { threads, batch = 1, seconds, profilePrefix }: BenchmarkOptions,
  sizes: 'any' | 'fixed' = 'any',
): Promise<number> {
  const { height } = network;
  const input = sizes === 'any' ? imageInput('batch', height, 'width') : imageInput(batch, height, width);
  const context = new TrainingContext();
  network.build(context, imageInput(1, height, network.widthStep).images);
  const weights = initialParameters(context.parameters, 1);
  for (const { name, size, initial } of context.statistics) weights.set(name, new Float32Array(size).fill(initial));
  const logits = network.build(new ServingContext(weights), input.images);
  const session = await Session.load(toOnnx({ logits }), { threads, profilePrefix });
  const random = new Random(1);
  const images = {
    data: Uint8Array.from({ length: batch * height * width }, () => random.below(256)),
    shape: [batch, height, width],
  };
  const result = await measure(batch, seconds, () => session.run({ images }));
  await session.close();
  return result;
}
