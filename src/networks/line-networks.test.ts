import { describe, expect, test } from 'vitest';
import { multiplyAccumulates } from '../graph/count-work.ts';
import { ctcLoss } from '../graph/ctc-loss.ts';
import { gradients } from '../graph/gradients.ts';
import { softmaxCrossEntropy } from '../graph/loss.ts';
import { mean } from '../graph/reduce.ts';
import { expectClose } from '../graph/testing/check-gradient.ts';
import { expectSampled, readFixture, type Sampled } from '../graph/testing/fixture.ts';
import { hashedBytes, hashedTensor, sizeOf } from '../graph/testing/hashed-values.ts';
import { runGraph } from '../graph/testing/run-graph.ts';
import { constant, type Value } from '../graph/value.ts';
import { trainingTarget } from '../runtime/channel-block.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { createLineNetwork } from './create-line-network.ts';
import { htrnetHalf } from './course/htrnet-half.ts';
import { imageInput } from './image-input.ts';
import { lineCnnAllConv } from './course/line-cnn-all-conv.ts';
import { lineCnnSlidingWindow } from './course/line-cnn-sliding-window.ts';
import { lineLstmCtc } from './course/line-lstm-ctc.ts';
import { lineLstm } from './course/line-lstm.ts';
import type { LineNetwork } from './line-network.ts';
import { ServingContext } from './serving-context.ts';
import { expectRelative } from './testing/expect-pytorch-gradients.ts';
import { fixtureWeights, type GradientFixture, type ParameterFixture } from './testing/network-fixture.ts';
import { initialParameters, TrainingContext } from './training-context.ts';
import { cutWindowFeatures, windowFeatures } from './course/window-features.ts';

interface LineNetworkFixture extends Pick<GradientFixture, 'loss' | 'gradients'> {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly parameters: readonly ParameterFixture[];
  /** Of whose channels there are running means and variances. */
  readonly statistics: readonly string[];
  readonly logits: Sampled;
  readonly served: Sampled;
}

const int32 = (values: readonly number[], shape: readonly number[]) => constant(Int32Array.from(values), shape);
const made: Readonly<Record<string, LineNetwork>> = {
  'line-lstm-ctc': lineLstmCtc({ classes: 10, dropout: 0 }),
  'line-lstm': lineLstm({ classes: 10, dropout: 0, positions: 5 }),
  'htrnet-half': htrnetHalf({ classes: 10 }),
};

function hashedImages(batch: number, height: number, width: number): Tensor {
  return { data: hashedBytes(batch * height * width, 1), shape: [batch, height, width] };
}

function weightTensors(context: TrainingContext, weights: ReadonlyMap<string, Float32Array>): Record<string, Tensor> {
  return Object.fromEntries(context.parameters.map(({ name, shape }) => [name, { data: weights.get(name)!, shape }]));
}

for (const fixture of readFixture<LineNetworkFixture[]>('line-networks')) {
  const { name, height, width } = fixture;
  const network = made[name];
  const weights = fixtureWeights(fixture.parameters);

  test(`${name}: logits, loss and gradients are PyTorch's`, async () => {
    const context = new TrainingContext();
    const logits = network.build(context, imageInput(2, height, width).images);
    expect(context.parameters.map((parameter) => parameter.name)).toEqual(fixture.parameters.map((p) => p.name));
    const loss = network.positions === undefined ? lossByPlace(logits) : lossByPosition(logits);
    const slopes = gradients(
      loss,
      context.parameters.map(({ value }) => value),
    );
    const outputs: Record<string, Value> = { logits, loss };
    context.parameters.forEach((parameter, i) => (outputs[`d.${parameter.name}`] = slopes[i]));
    const feeds = { images: hashedImages(2, height, width), ...weightTensors(context, weights) };
    const results = await runGraph(outputs, feeds, await trainingTarget('cpu'));

    expectSampled(results.logits, fixture.logits, 1e-4, 'logits');
    expectRelative(results.loss.data[0] as number, fixture.loss, 'loss');
    for (const parameter of context.parameters) {
      const { norm, ...sampled } = fixture.gradients[parameter.name];
      const slope = results[`d.${parameter.name}`];
      expect(normOf(slope) / norm, parameter.name).toBeCloseTo(1, 3);
      expectSampled(slope, sampled, 1e-2, `gradient of ${parameter.name}`);
    }
  });

  test(`${name}: served for any batch and width, it is PyTorch's`, async () => {
    const all = new Map(weights);
    fixture.statistics.forEach((norm, i) => {
      const size = weights.get(`${norm}.scale`)!.length;
      all.set(`${norm}.mean`, hashedTensor([size], 500 + i, 0.2).data as Float32Array);
      all.set(`${norm}.variance`, hashedTensor([size], 600 + i, 0.5, 1).data as Float32Array);
    });
    const logits = network.build(new ServingContext(all), imageInput('batch', height, 'width').images);
    const results = await runGraph({ logits }, { images: hashedImages(2, height, width) });
    expectSampled(results.logits, fixture.served, 1e-4, 'logits');
  });
}

function lossByPlace(logits: Value): Value {
  const frames = logits.shape[1] as number;
  return mean(ctcLoss(logits, int32([1, 2, 2, 4, 0, 0], [2, 3]), int32([frames, frames], [2]), int32([3, 1], [2])));
}

function lossByPosition(logits: Value): Value {
  return softmaxCrossEntropy(logits, int32([1, 2, 2, 0, 0, 4, 0, 0, 0, 0], [2, 5]));
}

function normOf({ data }: Tensor): number {
  return Math.sqrt((data as Float32Array).reduce((total, value) => total + value * value, 0));
}

const channels: [number, number] = [4, 8];
const small = { classes: 7, channels, features: 12, dropout: 0 };
const smallNetworks: readonly LineNetwork[] = [
  lineCnnSlidingWindow({ ...small, height: 12 }),
  lineCnnSlidingWindow({ ...small, height: 12, cut: false }),
  lineCnnAllConv({ ...small, height: 12, window: 12, stride: 4 }),
  lineCnnAllConv({ ...small, height: 12, window: 12, stride: 10 }),
  lineLstmCtc({ ...small, height: 12, window: 12, stride: 8, units: 6, layers: 2, bidirectional: true }),
  lineLstm({ ...small, height: 12, window: 12, stride: 6, units: 6, positions: 5 }),
];

describe.each(smallNetworks.map((network) => [network.name, network] as const))('%s', (_, network) => {
  const context = new TrainingContext();
  const width = 5 * network.widthStep;
  const trained = network.build(context, imageInput(2, network.height, width).images);
  const weights = initialParameters(context.parameters, 1);
  const served = network.build(new ServingContext(weights), imageInput('batch', network.height, 'width').images);

  test('is served as it is trained', async () => {
    const images = hashedImages(2, network.height, width);
    const feeds = { images, ...weightTensors(context, weights) };
    const { logits } = await runGraph({ logits: trained }, feeds, await trainingTarget('cpu'));
    const { logits: actual } = await runGraph({ logits: served }, { images });
    expectClose(actual, logits, 1e-5, network.name);
  });

  test('has the steps that it says, at any width that it takes', async () => {
    for (const width of [1, 2, 7].map((count) => count * network.widthStep)) {
      const { logits } = await runGraph({ logits: served }, { images: hashedImages(1, network.height, width) });
      expect(logits.shape).toEqual([1, network.steps(width), 7]);
    }
  });
});

test('windows cut from the image read the same as those cut from what convolutions find in it', async () => {
  const config = { height: 12, window: 16, stride: 10, channels, features: 6, dropout: 0 };
  const context = new TrainingContext();
  const { images } = imageInput(2, 12, 64);
  const cut = cutWindowFeatures(context, images, config);
  const shared = windowFeatures(new TrainingContext(), images, config);
  expect(cut.shape).toEqual([2, 6, 6]);
  const weights = weightTensors(context, initialParameters(context.parameters, 1));
  const { a } = await runGraph({ a: cut }, { images: hashedImages(2, 12, 64), ...weights });
  const { b } = await runGraph({ b: shared }, { images: hashedImages(2, 12, 64), ...weights });
  expectClose(b, a, 1e-5, 'features');
});

/** Parameters and multiply-accumulates for a line of EMNIST with 80 classes, added up by hand. */
const sizes: readonly (readonly [LineNetwork, number, number])[] = [
  [lineCnnSlidingWindow({ classes: 80 }), 619_088, 571_264_640],
  [lineCnnAllConv({ classes: 80 }), 1_634_896, 607_263_744],
  [lineLstm({ classes: 80 }), 1_472_080, 519_101_312],
  [lineLstmCtc({ classes: 80 }), 1_340_496, 514_982_784],
  [lineLstmCtc({ classes: 80, window: 12, stride: 6 }), 554_064, 510_399_360],
  [htrnetHalf({ classes: 80 }), 1_442_896, 1_049_231_360],
];

test.each(sizes)('$name has its known size', (network, parameterCount, work) => {
  const width = network.height === 64 ? 1024 : 952;
  const context = new TrainingContext();
  network.build(context, imageInput(1, network.height, width).images);
  const parameters = context.parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  expect(parameters).toBe(parameterCount);
  const weights = initialParameters(context.parameters, 1);
  for (const { name, size } of context.statistics) weights.set(name, new Float32Array(size).fill(1));
  const served = network.build(new ServingContext(weights), imageInput(1, network.height, width).images);
  expect(multiplyAccumulates([served])).toBe(work);
});

test('a network is made from its name and what it says of itself', () => {
  for (const [network] of sizes) {
    const again = createLineNetwork(network.name, network.config);
    expect([again.name, again.config, again.widthStep]).toEqual([network.name, network.config, network.widthStep]);
  }
  expect(() => createLineNetwork('line-lstm-ctc', { classes: 80, stride: 5 })).toThrow(/multiple of 2/);
});

test('cut windows of 12 pixels every 5 cost what they do in the course', () => {
  const config = {
    height: 28,
    window: 12,
    stride: 5,
    channels: [32, 64] as [number, number],
    features: 128,
    dropout: 0,
  };
  const features = cutWindowFeatures(new TrainingContext(), imageInput(1, 28, 952).images, config);
  expect(features.shape).toEqual([1, 189, 128]);
  // With the recurrence and the classes behind them, 784.1 million.
  expect(multiplyAccumulates([features])).toBe(189 * (26 * 10 * 288 + 24 * 8 * 288 * 64 + 12 * 4 * 64 * 128));
});
