import { expect, test } from 'vitest';
import { relu } from '../graph/activation.ts';
import { add, exp, log, multiply, sqrt, square, subtract } from '../graph/elementwise.ts';
import { softmaxCrossEntropy } from '../graph/loss.ts';
import { mean, sum } from '../graph/reduce.ts';
import { cast } from '../graph/cast.ts';
import { flatten } from '../graph/reshape.ts';
import { portableTarget } from '../graph/target.ts';
import { hashedTensor } from '../graph/testing/hashed-values.ts';
import { input, type Value } from '../graph/value.ts';
import { filled } from '../networks/initializers.ts';
import { convNormLayer, denseLayer, dropoutLayer } from '../networks/layers.ts';
import { createOptimizer, optimizerConfig } from './optimizers.ts';
import { trainingGraph, type LossBuilder, type TrainingGraph } from './training-graph.ts';
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

const adamw = createOptimizer(optimizerConfig.parse({ kind: 'adamw' }));

/** A small network with everything that a state consists of: dropout, running statistics, two slots, an average. */
function network(optimizer = adamw, outputs = 3): TrainingGraph {
  const build: LossBuilder = (context) => {
    const x = relu(convNormLayer(context, 'conv', input('x', 'float32', [4, 1, 5, 5]), { outputs: 4, kernel: 3 }));
    const logits = denseLayer(context, 'logits', dropoutLayer(context, flatten(x), 0.5), { outputs });
    return { loss: softmaxCrossEntropy(logits, input('labels', 'int32', [4])), metrics: {} };
  };
  return trainingGraph(build, { optimizer, target: portableTarget, averaging: true });
}

const openNetwork = (seed: number) => TrainingSession.open(network(), adamw, { seed, threads: 1, averagingDecay: 0.9 });

async function train(session: TrainingSession, firstStep: number, lastStep: number): Promise<void> {
  for (let step = firstStep; step <= lastStep; step++) {
    const labels = { data: Int32Array.of(0, 1, 2, step % 3), shape: [4] };
    await session.step({ x: hashedTensor([4, 1, 5, 5], step), labels }, step, 0.01);
  }
}

/** The state as bytes, and a copy to restore. */
function snapshot(session: TrainingSession): { bytes: string; state: Map<string, Float32Array> } {
  const state = new Map([...session.state].map(([name, values]) => [name, values.slice()]));
  const bytes = [...state].map(([name, { buffer }]) => name + Buffer.from(buffer).toString('hex')).join();
  return { bytes, state };
}

test('the same seed gives the same bytes, another seed others', async () => {
  const states: string[] = [];
  for (const seed of [1, 1, 2]) {
    const session = await openNetwork(seed);
    await train(session, 1, 4);
    states.push(snapshot(session).bytes);
    await session.close();
  }
  expect(states[0]).toBe(states[1]);
  expect(states[0]).not.toBe(states[2]);
});

test('a restored state continues to the bytes of a training that was not interrupted', async () => {
  const whole = await openNetwork(1);
  await train(whole, 1, 3);
  const { state } = snapshot(whole);
  expect([...state.keys()]).toEqual(['parameters', 'slot0', 'slot1', 'average', 'statistics']);
  await train(whole, 4, 6);

  const resumed = await openNetwork(1);
  await train(resumed, 1, 1);
  resumed.restore(state);
  await train(resumed, 4, 6);
  expect(snapshot(resumed).bytes).toBe(snapshot(whole).bytes);
  await whole.close();
  await resumed.close();
});

test('the state of another network or optimiser is refused whole', async () => {
  const session = await TrainingSession.open(network(), adamw, { seed: 1, threads: 1 });
  const { bytes, state } = snapshot(session);
  const changed = (change: (state: Map<string, Float32Array>) => void) => {
    const other = new Map([...state].map(([name, values]) => [name, values.map((value) => value + 1)]));
    change(other);
    return other;
  };
  const cases: [Map<string, Float32Array>, string][] = [
    [changed((other) => other.delete('slot1')), "The checkpoint has no numbers as 'slot1', the training 155"],
    [
      changed((other) => other.set('slot2', new Float32Array(1))),
      "The checkpoint has 1 numbers as 'slot2', the training none",
    ],
    [
      changed((other) => other.set('statistics', new Float32Array(6))),
      "The checkpoint has 6 numbers as 'statistics', the training 8",
    ],
  ];
  for (const [other, message] of cases) {
    const mending = 'resume with the configuration that the run began with.';
    const error = { code: 'CHECKPOINT_INVALID', message: `${message}: ${mending}` };
    expect(() => session.restore(other)).toThrow(expect.objectContaining(error));
    expect(snapshot(session).bytes).toBe(bytes);
  }
  await session.close();
});

test('begins with the weights of another training, average included', async () => {
  const [earlier, later] = [await openNetwork(1), await openNetwork(2)];
  await train(earlier, 1, 3);
  const weights = earlier.servingWeights();
  const random = later.servingWeights();
  later.setWeights(weights);
  expect(later.servingWeights()).toEqual(weights);
  expect(later.state.get('parameters')).toEqual(later.state.get('average'));

  // Another head: what is said to be fresh stays random, whatever its size.
  const head = [...weights].map(
    ([name, values]) => [name, name.startsWith('logits') ? values.slice(1) : values] as const,
  );
  const headless = await openNetwork(2);
  headless.setWeights(new Map(head), ['logits.']);
  const begun = headless.servingWeights();
  for (const [name, values] of begun) expect(values).toEqual((name.startsWith('logits.') ? random : weights).get(name));
  for (const session of [earlier, later, headless]) await session.close();
});

test('weights that do not fit are refused whole', async () => {
  const [other, session] = [await openNetwork(1), await openNetwork(2)];
  const weights = other.servingWeights();
  const { bytes } = snapshot(session);
  const cases: [ReadonlyMap<string, Float32Array>, string][] = [
    [
      new Map([...weights, ['logits.weight', new Float32Array(180)]]),
      "180 [180] numbers as 'logits.weight', the network 108 [36, 3]",
    ],
    [new Map([...weights].filter(([name]) => name !== 'conv.mean')), "no numbers as 'conv.mean', the network 4 [4]"],
    [new Map([...weights, ['conv2.scale', new Float32Array(4)]]), "4 [4] numbers as 'conv2.scale', the network none"],
  ];
  for (const [wrong, message] of cases) {
    const error = { code: 'SHAPE_MISMATCH', message: expect.stringContaining(message) };
    expect(() => session.setWeights(wrong)).toThrow(expect.objectContaining(error));
    expect(snapshot(session).bytes).toBe(bytes);
  }
  session.setWeights(cases[2][0], ['conv2.']);
  expect(session.servingWeights()).toEqual(weights);
  expect(() => session.setWeights(weights, ['logit.'])).toThrow(/No weight of the network begins with 'logit\.'/);
  for (const open of [other, session]) await open.close();
});

test('serving weights are copies, by name', async () => {
  const session = await openNetwork(1);
  const weights = session.servingWeights();
  expect([...weights].map(([name, { length }]) => [name, length])).toEqual([
    ['conv.weight', 36],
    ['logits.weight', 108],
    ['conv.scale', 4],
    ['conv.shift', 4],
    ['logits.bias', 3],
    ['conv.mean', 4],
    ['conv.variance', 4],
  ]);
  const before = weights.get('conv.weight')!.slice();
  await train(session, 1, 2);
  expect(weights.get('conv.weight')).toEqual(before);
  expect(session.servingWeights().get('conv.weight')).not.toEqual(before);
  await session.close();
});

test('a share of the mask is dropped that follows the rate, redrawn in each step and for each mask', async () => {
  const size = 65_536;
  const build: LossBuilder = (context) => {
    const masks = [0, 1].map(() => cast(context.keepMask([size], 0.3).mask, 'float32'));
    const loss = multiply(sum(context.parameter('w', [1], filled(0))), 1);
    return { loss, metrics: { first: mean(masks[0]), both: mean(multiply(masks[0], masks[1])) } };
  };
  const graph = trainingGraph(build, { optimizer, target: portableTarget, averaging: false });
  const shares: number[] = [];
  for (const seed of [1, 1, 2]) {
    const session = await TrainingSession.open(graph, optimizer, { seed, threads: 1 });
    for (const step of [1, 2]) {
      const { metrics } = await session.step({}, step, 0.1);
      // Five standard deviations; 0.3 is 77 / 256.
      expect(Math.abs(metrics.first - 179 / 256)).toBeLessThan(0.009);
      expect(Math.abs(metrics.both - (179 / 256) ** 2)).toBeLessThan(0.01);
      shares.push(metrics.first);
    }
    await session.close();
  }
  const [first, second, again, , other] = shares;
  expect(first).toBe(again);
  expect(first).not.toBe(second);
  expect(first).not.toBe(other);
});

test.each([
  ['The loss is NaN', (w: Value) => log(subtract(w, 1))],
  ["The gradient's norm is NaN", (w: Value) => sqrt(square(w))],
  ['The loss is Infinity', (w: Value) => exp(add(w, 100))],
])('%s: that ends the training and leaves the state as it was', async (what, f) => {
  const build: LossBuilder = (context) => ({ loss: sum(f(context.parameter('w', [1], filled(0)))), metrics: {} });
  const graph = trainingGraph(build, { optimizer, target: portableTarget, averaging: false });
  const session = await TrainingSession.open(graph, optimizer, { seed: 1, threads: 1 });
  await expect(session.step({}, 7, 0.5)).rejects.toMatchObject({
    code: 'TRAINING_DIVERGED',
    message: `${what} in step 7 (learning rate 0.5): lower the learning rate, warm up longer or clip the gradient.`,
  });
  expect(session.state.get('parameters')).toEqual(Float32Array.of(0));
  await session.close();
});
