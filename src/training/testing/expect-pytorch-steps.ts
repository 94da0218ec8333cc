import { softmaxCrossEntropy } from '../../graph/loss.ts';
import { expectSampled } from '../../graph/testing/fixture.ts';
import { input } from '../../graph/value.ts';
import { imageInput } from '../../networks/image-input.ts';
import type { Network } from '../../networks/network.ts';
import { expectRelative } from '../../networks/testing/expect-pytorch-gradients.ts';
import {
  fixtureBatch,
  fixtureBatchSize,
  fixtureWeights,
  type ParameterFixture,
  type RunFixture,
} from '../../networks/testing/network-fixture.ts';
import { trainingTarget } from '../../runtime/channel-block.ts';
import { createOptimizer, optimizerConfig } from '../optimizers.ts';
import { trainingGraph } from '../training-graph.ts';
import { TrainingSession } from '../training-session.ts';

/** Square images, and how many classes are told apart on them. */
export interface Task {
  readonly size: number;
  readonly classes: number;
}

/** Trains from the fixture's weights as it did; compares loss, gradient norm and weights after each step with PyTorch's. */
export async function expectPyTorchSteps(
  build: Network['build'],
  { size, classes }: Task,
  parameters: readonly ParameterFixture[],
  { optimizer: { clipNorm, ...config }, steps }: RunFixture,
): Promise<TrainingSession> {
  const optimizer = createOptimizer(optimizerConfig.parse(config));
  const graph = trainingGraph(
    (context) => {
      const logits = build(context, imageInput(fixtureBatchSize, size, size).images);
      return { loss: softmaxCrossEntropy(logits, input('labels', 'int32', [fixtureBatchSize])), metrics: {} };
    },
    { optimizer, clipNorm, averaging: false, target: await trainingTarget('cpu') },
  );
  const session = await TrainingSession.open(graph, optimizer, { seed: 1, threads: 1 });
  // Running statistics begin as ever.
  const statistics = graph.statistics.map(({ name }) => name);
  session.setWeights(fixtureWeights(parameters), statistics);

  for (const [i, expected] of steps.entries()) {
    const { loss, gradientNorm } = await session.step(fixtureBatch(i + 1, size, classes), i + 1, expected.learningRate);
    expectRelative(loss, expected.loss, `loss of step ${i + 1}`);
    expectRelative(gradientNorm, expected.gradientNorm, `gradient norm of step ${i + 1}`);
    const moved = session.servingWeights();
    for (const { name, shape } of graph.parameters) {
      const tensor = { data: moved.get(name)!, shape };
      expectSampled(tensor, expected.parameters[name], 1e-4, `${name} after step ${i + 1}`);
    }
  }
  return session;
}
