import { ctcLoss } from '../graph/ctc-loss.ts';
import { mean } from '../graph/reduce.ts';
import { input } from '../graph/value.ts';
import { imageInput } from '../networks/image-input.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import { Random } from '../random/random.ts';
import { trainingTarget } from '../runtime/channel-block.ts';
import { createOptimizer, optimizerConfig } from '../training/optimizers.ts';
import { trainingGraph } from '../training/training-graph.ts';
import { TrainingSession } from '../training/training-session.ts';
import { measure, type BenchmarkOptions } from './measure.ts';

/** Symbols on a line, as many as EMNIST's lines have at most. */
const labelLength = 34;

/** Whole training steps (forward, CTC, backward, RMSprop) on random lines of that width, 16 at a time. */
export async function benchLineTraining(
  network: LineNetwork,
  width: number,
  { threads, batch = 16, seconds, profilePrefix }: BenchmarkOptions,
): Promise<number> {
  const { height } = network;
  const classes = network.config.classes as number;
  const optimizer = createOptimizer(optimizerConfig.parse({ kind: 'rmsprop' }));
  const graph = trainingGraph(
    (context) => {
      const logits = network.build(context, imageInput(batch, height, width).images);
      const labels = input('labels', 'int32', [batch, labelLength]);
      const lengths = ['frames', 'symbols'].map((name) => input(name, 'int32', [batch]));
      return { loss: mean(ctcLoss(logits, labels, lengths[0], lengths[1])), metrics: {} };
    },
    { optimizer, target: await trainingTarget('cpu'), averaging: false },
  );
  const session = await TrainingSession.open(graph, optimizer, { seed: 1, threads, profilePrefix });
  const random = new Random(1);
  const lines = {
    images: {
      data: Uint8Array.from({ length: batch * height * width }, () => random.below(256)),
      shape: [batch, height, width],
    },
    labels: {
      data: Int32Array.from({ length: batch * labelLength }, () => 1 + random.below(classes - 1)),
      shape: [batch, labelLength],
    },
    frames: { data: new Int32Array(batch).fill(network.steps(width)), shape: [batch] },
    symbols: { data: new Int32Array(batch).fill(labelLength), shape: [batch] },
  };
  let step = 0;
  const result = await measure(batch, seconds, () => session.step(lines, ++step, 1e-3));
  await session.close();
  return result;
}
