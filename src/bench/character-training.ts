import { softmaxCrossEntropy } from '../graph/loss.ts';
import { input } from '../graph/value.ts';
import { imageInput } from '../networks/image-input.ts';
import type { Network } from '../networks/network.ts';
import { Random } from '../random/random.ts';
import { trainingTarget } from '../runtime/channel-block.ts';
import { createOptimizer, optimizerConfig } from '../training/optimizers.ts';
import { trainingGraph } from '../training/training-graph.ts';
import { TrainingSession } from '../training/training-session.ts';
import { measure, type BenchmarkOptions } from './measure.ts';

/** Whole training steps (forward, backward, RMSprop) on random images, 256 at a time. */
export async function benchCharacterTraining(
  network: Network,
  { threads, batch = 256, seconds, profilePrefix }: BenchmarkOptions,
): Promise<number> {
  const optimizer = createOptimizer(optimizerConfig.parse({ kind: 'rmsprop' }));
  const graph = trainingGraph(
    (context) => {
      const logits = network.build(context, imageInput(batch, 28, 28).images);
      return { loss: softmaxCrossEntropy(logits, input('labels', 'int32', [batch])), metrics: {} };
    },
    { optimizer, target: await trainingTarget('cpu'), averaging: false },
  );
  const session = await TrainingSession.open(graph, optimizer, { seed: 1, threads, profilePrefix });
  const random = new Random(1);
  const images = {
    data: Uint8Array.from({ length: batch * 28 * 28 }, () => random.below(256)),
    shape: [batch, 28, 28],
  };
  const labels = {
    data: Int32Array.from({ length: batch }, () => random.below(network.config.classes as number)),
    shape: [batch],
  };
  let step = 0;
  const result = await measure(batch, seconds, () => session.step({ images, labels }, ++step, 1e-3));
  await session.close();
  return result;
}
