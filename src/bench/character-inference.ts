import { characterServingGraph } from '../models/serving-graph.ts';
import type { Network } from '../networks/network.ts';
import { imageInput } from '../networks/image-input.ts';
import { initialParameters, TrainingContext } from '../networks/training-context.ts';
import { Random } from '../random/random.ts';
import { Session } from '../runtime/session.ts';
import { measure, type BenchmarkOptions } from './measure.ts';

/** Inference on random images with random weights, one at a time unless `batch` says otherwise. */
export async function benchCharacterInference(
  network: Network,
  { threads, batch = 1, seconds, profilePrefix }: BenchmarkOptions,
): Promise<number> {
  const context = new TrainingContext();
  network.build(context, imageInput(1, 28, 28).images);
  const statistics = context.statistics.map(
    ({ name, size, initial }) => [name, new Float32Array(size).fill(initial)] as const,
  );
  const weights = new Map([...initialParameters(context.parameters, 1), ...statistics]);
  const session = await Session.load(characterServingGraph(network, weights, { height: 28, width: 28 }), {
    threads,
    profilePrefix,
  });
  const random = new Random(1);
  const images = {
    data: Uint8Array.from({ length: batch * 28 * 28 }, () => random.below(256)),
    shape: [batch, 28, 28],
  };
  const result = await measure(batch, seconds, () => session.run({ images }));
  await session.close();
  return result;
}
