import { expect, test } from 'vitest';
import { conv2d } from './conv.ts';
import { batchNormTraining } from './norm.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { expectSampled, readFixture, type OperatorResults, type Sampled } from './testing/fixture.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { feedsOf, inputValues, runGraph } from './testing/run-graph.ts';
import type { Value } from './value.ts';

interface NormFixture {
  readonly batchNormTraining: OperatorResults & { readonly mean: Sampled; readonly variance: Sampled };
}

const fixture = readFixture<NormFixture>('norm');
const images = hashedTensor([3, 2, 3, 4], 1, 2, 0.5);
const [scale, shift] = [hashedTensor([2], 2, 0.5, 1), hashedTensor([2], 3)];

test('the gradient of batch normalisation', async () => {
  await checkGradient((...[x, gain, offset]) => batchNormTraining(x, gain, offset).y, [images, scale, shift]);
});

test('the gradient of batch normalisation behind a convolution in blocks', async () => {
  const build = (...[x, weight, gain, offset]: Value[]) => batchNormTraining(conv2d(x, weight), gain, offset).y;
  const inputs = [
    hashedTensor([2, 2, 3, 3], 1),
    hashedTensor([16, 2, 2, 2], 2),
    hashedTensor([16], 3),
    hashedTensor([16], 4),
  ];
  await checkGradient(build, inputs);
});

test("batch normalisation and its gradient are PyTorch's", async () => {
  const build = (...[x, gain, offset]: Value[]) => batchNormTraining(x, gain, offset).y;
  await expectLikePyTorch(build, [images, scale, shift], fixture.batchNormTraining);
});

test("batch normalisation's statistics are PyTorch's running ones after momentum 1", async () => {
  const [x, gain, offset] = inputValues([images, scale, shift]);
  const { mean, variance } = batchNormTraining(x, gain, offset);
  const results = await runGraph({ mean, variance }, feedsOf([images]));
  expectSampled(results.mean, fixture.batchNormTraining.mean, 1e-6, 'mean');
  expectSampled(results.variance, fixture.batchNormTraining.variance, 1e-6, 'variance');
});

test('a channel without variance gives the shift', async () => {
  const even = { data: new Float32Array(8).fill(3), shape: [2, 1, 2, 2] };
  const [gain, offset] = [Float32Array.of(0.7), Float32Array.of(-0.25)].map((data) => ({ data, shape: [1] }));
  const tensors = [even, gain, offset];
  const [x, ...rest] = inputValues(tensors);
  const { y } = await runGraph({ y: batchNormTraining(x, rest[0], rest[1]).y }, feedsOf(tensors));
  for (const value of y.data) expect(value).toBeCloseTo(-0.25, 5);
});
