import { expect, test } from 'vitest';
import { expectClose } from '../graph/testing/check-gradient.ts';
import { hashedTensor } from '../graph/testing/hashed-values.ts';
import { runGraph } from '../graph/testing/run-graph.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import type { Operation, Value } from '../graph/value.ts';
import { trainingTarget } from '../runtime/channel-block.ts';
import { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { characterCnn } from './character-cnn.ts';
import { imageInput } from './image-input.ts';
import { lenet } from './course/lenet.ts';
import { mlp } from './course/mlp.ts';
import type { Network } from './network.ts';
import { ServingContext } from './serving-context.ts';
import { fixtureBatch, fixtureBatchSize } from './testing/network-fixture.ts';
import { TrainingContext, initialParameters } from './training-context.ts';

const networks = [
  mlp({ classes: 62, hidden: [32, 16], dropout: 0 }),
  lenet({ classes: 62, channels: [16, 32], hidden: 24, dropout: 0 }),
  characterCnn({ classes: 62, channels: [16, 16, 32], blocks: [1, 1], dropout: 0 }),
];

const { images } = fixtureBatch(1, 28, 62);

for (const network of networks) {
  test(`${network.name} is served as it is trained, for any batch`, async () => {
    const { logits, weights } = await trainingForward(network);
    const served = network.build(new ServingContext(weights), imageInput('batch', 28, 28).images);
    const session = await Session.load(toOnnx({ logits: served }), { threads: 1 });
    expect(session.outputShapes.get('logits')).toEqual(['batch', 62]);
    for (const count of [fixtureBatchSize, 3, 1]) {
      const results = await session.run({ images: firstOf(images, count) });
      expectClose(results.logits, firstOf(logits, count), 1e-5, `${count} images`);
    }
    await session.close();
  });
}

/** The logits in training, and the weights with the very statistics that the batch had there. */
async function trainingForward(network: Network): Promise<{ logits: Tensor; weights: Map<string, Float32Array> }> {
  const context = new TrainingContext();
  const logits = network.build(context, imageInput(fixtureBatchSize, 28, 28).images);
  const weights = initialParameters(context.parameters, 1);
  for (const { name, shape, decay } of context.parameters) {
    if (decay) continue;
    const shift = name.endsWith('.scale') ? 1 : 0;
    weights.set(name, hashedTensor(shape, name.length, 0.5, shift).data as Float32Array);
  }
  const feeds = Object.fromEntries(
    context.parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, shape }]),
  );
  const updates = Object.fromEntries(context.statistics.map(({ name, update }) => [name, update]));
  const results = await runGraph({ logits, ...updates }, { images, ...feeds }, await trainingTarget('cpu'));
  for (const { name, update } of context.statistics) {
    const values = results[name].data as Float32Array;
    const count = normalizedCount(update);
    // Normalisation divides by n, what is kept for serving by n − 1.
    weights.set(name, name.endsWith('.variance') ? values.map((value) => (value * (count - 1)) / count) : values);
  }
  return { logits: results.logits, weights };
}

/** How many elements of each channel the statistic was taken over. */
function normalizedCount(statistic: Value): number {
  let { producer } = statistic;
  while ((producer as Operation).name !== 'BatchNormTraining') ({ producer } = (producer as Operation).inputs[0]!);
  const [batch, , height, width] = (producer as Operation).inputs[0]!.shape as number[];
  return batch * height * width;
}

function firstOf({ data, shape: [batch, ...rest] }: Tensor, count: number): Tensor {
  return { data: data.subarray(0, (data.length / batch) * count), shape: [count, ...rest] };
}

test('a served network holds its normalisation in its convolutions', () => {
  const context = new TrainingContext();
  const network = networks[2];
  network.build(context, imageInput(2, 28, 28).images);
  const weights = initialParameters(context.parameters, 1);
  for (const { name, size, initial } of context.statistics) weights.set(name, new Float32Array(size).fill(initial));
  const bytes = toOnnx({ logits: network.build(new ServingContext(weights), imageInput('batch', 28, 28).images) });
  const text = Buffer.from(bytes).toString('latin1');
  expect(text).toContain('Conv');
  expect(text).not.toMatch(/BatchNormalization|Sqrt|Div/);
});

test('weights that do not belong to the network are named', () => {
  const build = (weights: Map<string, Float32Array>) =>
    networks[0].build(new ServingContext(weights), imageInput('batch', 28, 28).images);
  expect(() => build(new Map([['conv.weight', new Float32Array(9)]]))).toThrow(
    expect.objectContaining({
      code: 'MODEL_INVALID',
      message:
        "The network wants 25088 numbers as 'dense1.weight', but there are only conv.weight; do weights and configuration belong together?",
    }),
  );
  expect(() => build(new Map([['dense1.weight', new Float32Array(784)]]))).toThrow(
    "The network wants 25088 numbers as 'dense1.weight', but there are 784 numbers for it; do weights and configuration belong together?",
  );
});
