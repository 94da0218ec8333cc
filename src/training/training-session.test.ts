import { expect, test } from 'vitest';
import { multiply, square, subtract } from '../graph/elementwise.ts';
import { mean } from '../graph/reduce.ts';
import { portableTarget } from '../graph/target.ts';
import { input } from '../graph/value.ts';
import { filled } from '../networks/initializers.ts';
import { createOptimizer } from './optimizers.ts';
import { trainingGraph, type TrainingGraph } from './training-graph.ts';
import { TrainingSession } from './training-session.ts';

const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, weightDecay: 0, nesterov: false });

/** mean((w · x − 1)²) over a batch of `batch` numbers, w beginning at 0. */
function regression(batch: number, name = 'w'): TrainingGraph {
  return trainingGraph(
    (context) => {
      const w = context.parameter(name, [1], filled(0));
      return { loss: mean(square(subtract(multiply(input('x', 'float32', [batch]), w), 1))), metrics: {} };
    },
    { optimizer, target: portableTarget, averaging: false },
  );
}

const numbers = (...values: number[]) => ({ x: { data: Float32Array.from(values), shape: [values.length] } });

test('steps on batches of several shapes move one state', async () => {
  const made: string[] = [];
  const graphFor = (shape: string) => (made.push(shape), regression(Number(shape)));
  const session = await TrainingSession.open(regression(2), optimizer, { seed: 1, threads: 1, graphFor });
  // By hand: the gradient is the mean of 2 (w x − 1) x.
  await session.step(numbers(1, 2), 1, 0.1);
  expect(session.servingWeights().get('w')![0]).toBeCloseTo(0.3, 6);
  const { loss } = await session.step(numbers(1, 1, 1), 2, 0.1, '3');
  expect(loss).toBeCloseTo(0.49, 6);
  expect(session.servingWeights().get('w')![0]).toBeCloseTo(0.44, 6);
  await session.step(numbers(0, 0, 1), 3, 0.3, '3');
  expect(session.servingWeights().get('w')![0]).toBeCloseTo(0.552, 6);
  expect(made).toEqual(['3']);
  await session.close();
});

test('a shape without a graph, or with one of another network, is refused', async () => {
  const plain = await TrainingSession.open(regression(2), optimizer, { seed: 1, threads: 1 });
  await expect(plain.step(numbers(1), 1, 0.1, '1')).rejects.toThrow(/no graph for batches of shape '1'/);
  await plain.close();
  const graphFor = () => regression(1, 'other');
  const odd = await TrainingSession.open(regression(2), optimizer, { seed: 1, threads: 1, graphFor });
  await expect(odd.step(numbers(1), 1, 0.1, '1')).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  await odd.close();
});
