import { expect, test } from 'vitest';
import { relu } from '../graph/activation.ts';
import { add } from '../graph/elementwise.ts';
import { globalAveragePool } from '../graph/global-average-pool.ts';
import { maxPool2d } from '../graph/max-pool.ts';
import { expectSampled, readFixture, type Sampled } from '../graph/testing/fixture.ts';
import { runGraph } from '../graph/testing/run-graph.ts';
import { input, type Value } from '../graph/value.ts';
import { expectPyTorchSteps } from '../training/testing/expect-pytorch-steps.ts';
import { imageInput } from './image-input.ts';
import type { LayerContext } from './layer-context.ts';
import { convNormLayer, denseLayer, dropoutLayer } from './layers.ts';
import { ServingContext } from './serving-context.ts';
import { fixtureBatch, type ParameterFixture, type RunFixture } from './testing/network-fixture.ts';
import { TrainingContext } from './training-context.ts';

interface ConvNormFixture {
  readonly parameters: readonly ParameterFixture[];
  readonly run: RunFixture;
  readonly statistics: Readonly<Record<string, Sampled>>;
  readonly logits: Sampled;
}

/** A residual network with batch normalisation for 12×12 pixels and 5 classes. */
function build(context: LayerContext, images: Value): Value {
  const options = { outputs: 16, kernel: 3, padding: 1 };
  const x = maxPool2d(relu(convNormLayer(context, 'stem', images, options)), { kernel: 2 });
  const inner = relu(convNormLayer(context, 'a', x, options));
  const sum = relu(add(x, convNormLayer(context, 'b', inner, options)));
  return denseLayer(context, 'logits', globalAveragePool(sum), { outputs: 5, rectified: false });
}

test("batch-normalised layers train, gather running statistics and serve as PyTorch's", async () => {
  const { parameters, run, statistics, logits } = readFixture<ConvNormFixture>('conv-norm');
  const session = await expectPyTorchSteps(build, { size: 12, classes: 5 }, parameters, run);
  const weights = session.servingWeights();
  await session.close();
  for (const [name, expected] of Object.entries(statistics)) {
    expectSampled({ data: weights.get(name)!, shape: [16] }, expected, 1e-4, name);
  }
  const { images } = fixtureBatch(9, 12, 5);
  const served = build(new ServingContext(weights), imageInput('batch', 12, 12).images);
  const results = await runGraph({ logits: served }, { images });
  expectSampled(results.logits, logits, 1e-4, 'logits in serving');
});

test('the layers of a network are declared once', () => {
  const context = new TrainingContext();
  const x = input('x', 'float32', [2, 4]);
  denseLayer(context, 'dense', x, { outputs: 3 });
  expect(() => denseLayer(context, 'dense', x, { outputs: 3 })).toThrow(
    "A network declares 'dense.weight' twice; give every layer a unique name.",
  );
});

test('dropout draws a byte for each element and scales by the share that is kept in 256ths', async () => {
  const context = new TrainingContext();
  const y = dropoutLayer(context, input('x', 'float32', [2, 2]), 0.3);
  expect(context.masks).toEqual([{ name: 'keep1', shape: [2, 2], threshold: 77 }]);
  const feeds = {
    x: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] },
    keep1: { data: Uint8Array.of(1, 0, 1, 0), shape: [2, 2] },
  };
  const { data } = (await runGraph({ y }, feeds)).y;
  [256 / 179, 0, 768 / 179, 0].forEach((expected, i) => expect(data[i]).toBeCloseTo(expected, 5));
});

test.each([0.001, 0.999])('dropout of %s drops some and keeps some', (rate) => {
  const context = new TrainingContext();
  dropoutLayer(context, input('x', 'float32', [2, 2]), rate);
  expect(context.masks[0].threshold).toBeGreaterThan(0);
  expect(context.masks[0].threshold).toBeLessThan(256);
});

test('without a rate, and in serving, dropout is nothing', () => {
  const x = input('x', 'float32', ['batch', 2]);
  expect(dropoutLayer(new TrainingContext(), x, 0)).toBe(x);
  expect(dropoutLayer(new ServingContext(new Map()), x, 0.5)).toBe(x);
});
