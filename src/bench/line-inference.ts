import { toOnnx } from '../graph/to-onnx.ts';
import { imageInput } from '../networks/image-input.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import { ServingContext } from '../networks/serving-context.ts';
import { initialParameters, TrainingContext } from '../networks/training-context.ts';
import { Random } from '../random/random.ts';
import { Session } from '../runtime/session.ts';
import { measure, type BenchmarkOptions } from './measure.ts';

/** Logits of random lines with random weights, one at a time unless `batch` says else; served for any batch and width. */
export async function benchLineInference(
  network: LineNetwork,
  width: number,
  { threads, batch = 1, seconds, profilePrefix }: BenchmarkOptions,
): Promise<number> {
  const { height } = network;
  const context = new TrainingContext();
  network.build(context, imageInput(1, height, network.widthStep).images);
  const weights = initialParameters(context.parameters, 1);
  for (const { name, size, initial } of context.statistics) weights.set(name, new Float32Array(size).fill(initial));
  const logits = network.build(new ServingContext(weights), imageInput('batch', height, 'width').images);
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
