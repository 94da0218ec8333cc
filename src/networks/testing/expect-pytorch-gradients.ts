import { expect } from 'vitest';
import type { Target } from '../../graph/target.ts';
import { gradients } from '../../graph/gradients.ts';
import { softmaxCrossEntropy } from '../../graph/loss.ts';
import { expectSampled } from '../../graph/testing/fixture.ts';
import { hashedBytes, sizeOf } from '../../graph/testing/hashed-values.ts';
import { runGraph } from '../../graph/testing/run-graph.ts';
import { input } from '../../graph/value.ts';
import type { Tensor } from '../../runtime/tensor.ts';
import { imageInput } from '../image-input.ts';
import type { Network } from '../network.ts';
import { TrainingContext } from '../training-context.ts';
import {
  fixtureBatch,
  fixtureBatchSize,
  fixtureWeights,
  type GradientFixture,
  type ParameterFixture,
} from './network-fixture.ts';

/** Compares the loss and the gradient of every parameter of a network for 28×28 characters with PyTorch's. */
export async function expectPyTorchGradients(
  network: Network,
  parameters: readonly ParameterFixture[],
  fixture: GradientFixture,
  target: Target,
): Promise<void> {
  const context = new TrainingContext();
  const logits = network.build(context, imageInput(fixtureBatchSize, 28, 28).images);
  const loss = softmaxCrossEntropy(logits, input('labels', 'int32', [fixtureBatchSize]), fixture.smoothing);
  const slopes = gradients(
    loss,
    context.parameters.map(({ value }) => value),
  );
  const names = context.parameters.map(({ name }) => name);
  expect(names).toEqual(parameters.map(({ name }) => name));
  const outputs = Object.fromEntries([['loss', loss], ...names.map((name, i) => [`d.${name}`, slopes[i]] as const)]);
  const feeds = { ...fixtureBatch(1, 28, 62), ...weightTensors(parameters), ...maskTensors(context) };

  const results = await runGraph(outputs, feeds, target);
  expectRelative(results.loss.data[0] as number, fixture.loss, 'loss');
  for (const name of names) {
    const { norm, ...sampled } = fixture.gradients[name];
    const slope = results[`d.${name}`];
    expectRelative(normOf(slope.data as Float32Array), norm, `norm of the gradient of ${name}`);
    expectSampled(slope, sampled, 1e-4, `gradient of ${name}`);
  }
}

/** Fails where the numbers differ by more than 10⁻⁴ of the expected one. */
export function expectRelative(actual: number, expected: number, what: string): void {
  expect(Math.abs(actual - expected), `${what}: ${actual} instead of ${expected}`).toBeLessThanOrEqual(
    1e-4 * Math.abs(expected),
  );
}

function weightTensors(parameters: readonly ParameterFixture[]): Record<string, Tensor> {
  const weights = fixtureWeights(parameters);
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, shape }]));
}

function maskTensors({ masks }: TrainingContext): Record<string, Tensor> {
  return Object.fromEntries(
    masks.map(({ name, shape, threshold }, i) => {
      const data = hashedBytes(sizeOf(shape), 201 + i).map((byte) => (byte >= threshold ? 1 : 0));
      return [name, { data, shape }];
    }),
  );
}

function normOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0));
}
