import { expect, test } from 'vitest';
import { checkGradient, expectClose } from '../graph/testing/check-gradient.ts';
import { hashedTensor } from '../graph/testing/hashed-values.ts';
import { feedsOf, inputValues, runGraph } from '../graph/testing/run-graph.ts';
import { constant, input, type Value } from '../graph/value.ts';
import { transformerBlock } from './attention-layers.ts';
import type { LayerContext } from './layer-context.ts';
import { ServingContext } from './serving-context.ts';
import { TrainingContext } from './training-context.ts';

const x = hashedTensor([2, 5, 8], 1);
const isUsed = constant(Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0), [2, 5]);
const build = (context: LayerContext, value: Value) =>
  transformerBlock(context, 'block', value, { heads: 2, reach: 3, expansion: 2, isUsed });

/** Random numbers instead of initial ones: biases and the distance table would be 0. */
function hashedWeights(context: TrainingContext): Map<string, Float32Array> {
  return new Map(
    context.parameters.map(({ name, shape }, i) => [name, hashedTensor(shape, 10 + i, 0.5).data as Float32Array]),
  );
}

test('a transformer block is served as it is trained', async () => {
  const [value] = inputValues([x]);
  const context = new TrainingContext();
  const trained = build(context, value);
  const weights = hashedWeights(context);
  const feeds = context.parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, shape }] as const);
  const { y } = await runGraph({ y: trained }, { ...feedsOf([x]), ...Object.fromEntries(feeds) });
  const { served } = await runGraph({ served: build(new ServingContext(weights), value) }, feedsOf([x]));
  expectClose(served, y, 1e-5, 'block');
});

test('the gradient of a transformer block', async () => {
  const context = new TrainingContext();
  build(context, inputValues([x])[0]);
  const weights = hashedWeights(context);
  await checkGradient((value) => build(new ServingContext(weights), value), [x], { tolerance: 3e-3 });
});

test('the time may be known only when the graph runs', async () => {
  const context = new TrainingContext();
  const options = { heads: 2, reach: 3 };
  transformerBlock(context, 'block', inputValues([x])[0], options);
  const weights = new ServingContext(hashedWeights(context));
  const open = transformerBlock(weights, 'block', input('x0', 'float32', ['batch', 'time', 8]), options);
  expect(open.shape).toEqual(['batch', 'time', 8]);
  const fixed = transformerBlock(weights, 'block', inputValues([x])[0], options);
  const [a, b] = [await runGraph({ y: open }, feedsOf([x])), await runGraph({ y: fixed }, feedsOf([x]))];
  expectClose(a.y, b.y, 1e-5, 'block');
});

test('parameters by hand', () => {
  const context = new TrainingContext();
  transformerBlock(context, 'block', inputValues([x])[0], { heads: 2, reach: 3 });
  expect(context.parameters.map(({ name, shape, decay }) => [name, shape, decay])).toEqual([
    ['block.norm1.scale', [8], false],
    ['block.norm1.shift', [8], false],
    ['block.attention.projections.weight', [8, 24], true],
    ['block.attention.projections.bias', [24], false],
    ['block.attention.distances', [2, 7], false],
    ['block.attention.output.weight', [8, 8], true],
    ['block.attention.output.bias', [8], false],
    ['block.norm2.scale', [8], false],
    ['block.norm2.shift', [8], false],
    ['block.expand.weight', [8, 32], true],
    ['block.expand.bias', [32], false],
    ['block.reduce.weight', [32, 8], true],
    ['block.reduce.bias', [8], false],
  ]);
});
