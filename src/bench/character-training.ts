import { softmaxCrossEntropy } from '../graph/loss.ts';
import { input } from '../graph/value.ts';
import { imageInput } from '../networks/image-input.ts';
import type { Network } from '../networks/network.ts';
import { Random } from '../random/random.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { trainingTarget } from '../runtime/channel-block.ts';
import { createOptimizer, optimizerConfig } from '../training/optimizers.ts';
import { trainingGraph } from '../training/training-graph.ts';
import { TrainingSession, type TrainingSessionOptions } from '../training/training-session.ts';
import { measure, type BenchmarkOptions } from './measure.ts';

/** Whole training steps (forward, backward, RMSprop) on random images, 256 at a time. */
export async function benchCharacterTraining(
  network: Network,
  { threads, batch = 256, seconds, profilePrefix }: BenchmarkOptions,
): Promise<number> {
  const { session, inputs } = await characterTraining(network, batch, { threads, profilePrefix });
  let step = 0;
  const result = await measure(batch, seconds, () => session.step(inputs, ++step, 1e-3));
  await session.close();
  return result;
}

/** A training of a network of characters, and a batch of random images; `exchange` makes it one of several replicas. */
export async function characterTraining(
  network: Network,
  batch: number,
  options: Pick<TrainingSessionOptions, 'threads' | 'profilePrefix' | 'exchange'>,
): Promise<{ session: TrainingSession; inputs: Record<string, Tensor> }> {
  const optimizer = createOptimizer(optimizerConfig.parse({ kind: 'rmsprop' }));
  const graph = trainingGraph(
    (context) => {
      const logits = network.build(context, imageInput(batch, 28, 28).images);
      return { loss: softmaxCrossEntropy(logits, input('labels', 'int32', [batch])), metrics: {} };
    },
    { optimizer, target: await trainingTarget('cpu'), averaging: false, split: options.exchange !== undefined },
  );
  const session = await TrainingSession.open(graph, optimizer, { seed: 1, ...options });
  const random = new Random(1);
  const images = {
    data: Uint8Array.from({ length: batch * 28 * 28 }, () => random.below(256)),
    shape: [batch, 28, 28],
  };
  const labels = {
    data: Int32Array.from({ length: batch }, () => random.below(network.config.classes as number)),
    shape: [batch],
  };
  return { session, inputs: { images, labels } };
}
