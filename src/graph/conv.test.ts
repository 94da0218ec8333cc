import { describe, expect, test } from 'vitest';
import { relu } from './activation.ts';
import { conv2d, type ConvOptions } from './conv.ts';
import { add, multiply } from './elementwise.ts';
import { maxPool2d } from './max-pool.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { readFixture, type OperatorResults } from './testing/fixture.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant, input, type Value } from './value.ts';

interface ConvFixture extends OperatorResults {
  readonly name: string;
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly stride?: [number, number];
  readonly padding?: [number, number];
  readonly dilation?: [number, number];
  readonly groups?: number;
}

describe('like PyTorch', () => {
  for (const { name, x, weight, ...rest } of readFixture<ConvFixture[]>('conv')) {
    test(name, async () => {
      const inputs = [hashedTensor(x, 1), hashedTensor(weight, 2), hashedTensor(weight.slice(0, 1), 3)];
      await expectLikePyTorch((...values) => conv2d(values[0], values[1], values[2], rest), inputs, rest);
    });
  }

  test('convolution, rectifier, convolution, pooling, rectifier', async () => {
    const inputs = [
      hashedTensor([2, 1, 8, 8], 1),
      hashedTensor([16, 1, 3, 3], 2),
      hashedTensor([16, 16, 3, 3], 3, 0.2),
      hashedTensor([16], 4),
      hashedTensor([16], 5),
    ];
    const build = (...[x, first, second, a, b]: Value[]) =>
      relu(maxPool2d(conv2d(relu(conv2d(x, first, a)), second, b), { kernel: 2 }));
    await expectLikePyTorch(build, inputs, readFixture<OperatorResults>('conv-chain'));
  });
});

const variants: readonly (readonly [string, readonly number[], readonly number[], ConvOptions])[] = [
  ['unlike padding on each side', [1, 2, 4, 5], [3, 2, 3, 2], { padding: [0, 1, 2, 1] }],
  ['more padding than the kernel reaches', [1, 1, 3, 3], [2, 1, 2, 2], { padding: 3 }],
  ["'same'", [1, 2, 4, 5], [2, 2, 3, 2], { padding: 'same' }],
  ["'same' with stride", [1, 2, 5, 6], [2, 2, 3, 3], { padding: 'same', stride: 2 }],
  ['a kernel smaller than its stride', [1, 2, 7, 7], [2, 2, 2, 2], { stride: 3 }],
  ['stride and dilation', [1, 2, 8, 7], [2, 2, 3, 2], { stride: [2, 1], dilation: [2, 3] }],
  [
    'stride, padding and dilation in groups',
    [2, 4, 7, 7],
    [4, 2, 3, 3],
    { stride: 2, padding: 2, dilation: 2, groups: 2 },
  ],
  ['pixels that no window reaches', [1, 1, 6, 8], [2, 1, 2, 3], { stride: [3, 4] }],
  ['16 channels in blocks', [1, 16, 4, 4], [16, 16, 3, 3], { padding: [1, 0, 1, 2] }],
  [
    '16 channels in blocks, stride and dilation',
    [1, 16, 7, 7],
    [16, 16, 2, 3],
    { stride: 2, dilation: [1, 2], padding: 1 },
  ],
  ['16 channels in blocks, depthwise, stride 2', [1, 16, 5, 5], [16, 1, 3, 3], { groups: 16, stride: 2, padding: 1 }],
  ['16 channels in blocks, 1×1', [2, 16, 3, 3], [32, 16, 1, 1], {}],
  ['16 channels in two groups', [1, 16, 4, 4], [16, 8, 3, 3], { groups: 2 }],
  ['32 channels to 8', [1, 32, 3, 4], [8, 32, 3, 3], { padding: 1 }],
];

describe('the gradient with', () => {
  for (const [name, x, weight, options] of variants) {
    test(name, async () => {
      const build = (...[image, kernels, bias]: Value[]) => conv2d(image, kernels, bias, options);
      await checkGradient(build, [hashedTensor(x, 1), hashedTensor(weight, 2), hashedTensor(weight.slice(0, 1), 3)]);
    });
  }

  test('so large a batch that the weight gradient is cut into parts', async () => {
    // 9 × 3 × 100 × 100 patch elements of 4 bytes are 1.03 MiB for an image, so that 4 MiB hold those of three.
    const build = (weight: Value) => conv2d(constant(x.data, x.shape), weight, undefined, { padding: 1 });
    const x = hashedTensor([7, 3, 100, 100], 1);
    await checkGradient(build, [hashedTensor([2, 3, 3, 3], 2)]);
  });

  test('a residual sum of blocks that each use the same input', async () => {
    const build = (...[x, stem, kernels]: Value[]) => {
      const inner = conv2d(x, stem);
      return multiply(add(inner, conv2d(inner, kernels, undefined, { padding: 1 })), inner);
    };
    const inputs = [
      hashedTensor([1, 2, 4, 4], 1),
      hashedTensor([16, 2, 1, 1], 2),
      hashedTensor([16, 16, 3, 3], 3, 0.2),
    ];
    await checkGradient(build, inputs);
  });
});

test('a batch whose size is known at run time', async () => {
  const x = input('x', 'float32', ['batch', 1, 3, 3]);
  const y = conv2d(x, constant(Float32Array.of(1, 0, 0, -1), [1, 1, 2, 2]));
  expect(y.shape).toEqual(['batch', 1, 2, 2]);
  const result = await runGraph(
    { y },
    { x: { data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 10), shape: [1, 1, 3, 3] } },
  );
  expect(result.y).toEqual({ data: Float32Array.of(-4, -4, -4, -5), shape: [1, 1, 2, 2] });
});

test("an image whose width is known at run time, padding 'same'", async () => {
  const x = input('x', 'float32', [1, 1, 2, 'width']);
  const y = conv2d(x, constant(Float32Array.of(1, 1, 1), [1, 1, 1, 3]), undefined, { padding: 'same' });
  expect(y.shape).toEqual([1, 1, 2, 'width']);
  const result = await runGraph({ y }, { x: { data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape: [1, 1, 2, 4] } });
  expect(Array.from(result.y.data, Number)).toEqual([3, 6, 9, 7, 11, 18, 21, 15]);
});
