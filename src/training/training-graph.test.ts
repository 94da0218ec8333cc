import { expect, test } from 'vitest';
import { add, multiply } from '../graph/elementwise.ts';
import { sum } from '../graph/reduce.ts';
import { portableTarget } from '../graph/target.ts';
import { constant } from '../graph/value.ts';
import { filled } from '../networks/initializers.ts';
import { createOptimizer, optimizerConfig, type OptimizerInput } from './optimizers.ts';
import { trainingGraph, type LossBuilder, type TrainingGraphOptions } from './training-graph.ts';
import { TrainingSession } from './training-session.ts';

/** 12 b + 3 w₀ + 4 w₁, with b = 0.5 and w = (2, 2) at the beginning; the gradient's norm is 13. */
const linear: LossBuilder = (context) => {
  const bias = context.parameter('bias', [1], filled(0.5), { decay: false });
  const weight = context.parameter('weight', [2], filled(2));
  const slopes = constant(Float32Array.of(3, 4), [2]);
  return { loss: add(sum(multiply(bias, 12)), sum(multiply(weight, slopes))), metrics: { weights: sum(weight) } };
};

function open(config: OptimizerInput, options: Partial<TrainingGraphOptions> = {}, averagingDecay?: number) {
  const optimizer = createOptimizer(optimizerConfig.parse(config));
  const graph = trainingGraph(linear, { optimizer, target: portableTarget, averaging: false, ...options });
  return TrainingSession.open(graph, optimizer, { seed: 1, threads: 1, averagingDecay });
}

const rounded = (values: Float32Array | undefined) => Array.from(values!, (value) => Number(value.toFixed(5)));

test('loss, gradient norm, metrics and a plain step by hand', async () => {
  const session = await open({ kind: 'sgd' });
  expect(await session.step({}, 1, 0.1)).toEqual({ loss: 20, gradientNorm: 13, metrics: { weights: 4 } });
  // Parameters that decay are first.
  expect(session.graph.parameters.map(({ name }) => name)).toEqual(['weight', 'bias']);
  expect(rounded(session.state.get('parameters'))).toEqual([1.7, 1.6, -0.7]);
  expect([...session.state.keys()]).toEqual(['parameters']);
  await session.close();
});

test('weight decay acts on weights, not on biases', async () => {
  const session = await open({ kind: 'sgd', weightDecay: 0.5 });
  await session.step({}, 1, 0.1);
  // 2 − 0.1 (3 + 0.5 · 2), 2 − 0.1 (4 + 0.5 · 2), 0.5 − 0.1 · 12
  expect(rounded(session.state.get('parameters'))).toEqual([1.6, 1.5, -0.7]);
  await session.close();
});

test('a gradient that is longer than allowed is scaled down, a shorter one is left alone', async () => {
  const clipped = await open({ kind: 'sgd' }, { clipNorm: 6.5 });
  expect((await clipped.step({}, 1, 0.1)).gradientNorm).toBe(13);
  expect(rounded(clipped.state.get('parameters'))).toEqual([1.85, 1.8, -0.1]);
  await clipped.close();
  const free = await open({ kind: 'sgd' }, { clipNorm: 14 });
  await free.step({}, 1, 0.1);
  expect(rounded(free.state.get('parameters'))).toEqual([1.7, 1.6, -0.7]);
  await free.close();
});

test("the moving average begins with a share of 9 / (10 + step), as TensorFlow's, and ends with 1 − decay", async () => {
  const session = await open({ kind: 'sgd' }, { averaging: true }, 0.5);
  const biases: number[] = [];
  for (const step of [1, 2, 3]) {
    await session.step({}, step, 1 / 12);
    biases.push(...rounded(session.servingWeights().get('bias')));
  }
  // The bias is 0.5, −0.5, −1.5, −2.5; the shares are 9 / 11, 9 / 12, 9 / 13.
  expect(biases).toEqual([-0.31818, -1.20455, -2.1014]);
  await session.step({}, 1000, 1 / 12);
  // (−2.1014 − 3.5) / 2
  expect(rounded(session.servingWeights().get('bias'))).toEqual([-2.8007]);
  expect(rounded(session.state.get('parameters'))[2]).toBe(-3.5);
  await session.close();
});

test.each([
  [{ kind: 'sgd' }, []],
  [{ kind: 'sgd', momentum: 0.9 }, ['slot0']],
  [{ kind: 'rmsprop' }, ['slot0']],
  [{ kind: 'adamw' }, ['slot0', 'slot1']],
] as const)('%o keeps %o beside the parameters', (config, slots) => {
  const optimizer = createOptimizer(optimizerConfig.parse(config));
  const { state } = trainingGraph(linear, { optimizer, target: portableTarget, averaging: true });
  expect([...state]).toEqual(['parameters', ...slots, 'average'].map((name) => [name, 3]));
});
