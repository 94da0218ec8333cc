import { test } from 'vitest';
import { conv2d } from './conv.ts';
import { add } from './elementwise.ts';
import { globalAveragePool } from './global-average-pool.ts';
import { maxPool2d } from './max-pool.ts';
import type { PoolOptions } from './pool-geometry.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { readFixture, type OperatorResults } from './testing/fixture.ts';
import { hashedTensor, spacedTensor } from './testing/hashed-values.ts';
import { constant, type Value } from './value.ts';

const variants: readonly (readonly [string, readonly number[], PoolOptions])[] = [
  ['side by side', [1, 2, 4, 4], { kernel: 2 }],
  ['side by side, oblong', [1, 2, 6, 4], { kernel: [3, 2] }],
  ['with a rest that no window covers', [1, 2, 5, 3], { kernel: 2 }],
  ['overlapping', [1, 1, 5, 6], { kernel: 3, stride: [1, 2] }],
  ['overlapping and padded', [2, 1, 4, 4], { kernel: 3, stride: 2, padding: 1 }],
  ['side by side and padded', [1, 1, 4, 5], { kernel: 2, padding: [0, 1] }],
  ['with gaps', [1, 1, 5, 6], { kernel: [1, 2], stride: [2, 3] }],
];

for (const [name, shape, options] of variants) {
  test(`the gradient of maxPool2d, windows ${name}`, async () => {
    await checkGradient((x) => maxPool2d(x, options), [spacedTensor(shape, 1)]);
  });

  // All elements of a window are equal here; together they may get no more than the window's gradient.
  test(`the gradient of maxPool2d over an even area, windows ${name}`, async () => {
    const blank = constant(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    await checkGradient((shift) => maxPool2d(add(blank, shift), options), [hashedTensor([shape[1], 1, 1], 1)]);
  });
}

test('the gradient of globalAveragePool', async () => {
  await checkGradient(globalAveragePool, [hashedTensor([2, 3, 2, 3], 1)]);
});

const kernels = hashedTensor([16, 3, 1, 1], 2);

for (const [name, options] of [
  ['that cover the image', { kernel: 2 }],
  ['that leave a rest', { kernel: 3 }],
  ['that overlap', { kernel: 3, stride: 2, padding: 1 }],
] as const) {
  test(`the gradient of maxPool2d over channels in blocks, windows ${name}`, async () => {
    const x = spacedTensor([1, 3, 4, 4], 1);
    const build = (image: Value, weight: Value) => maxPool2d(conv2d(image, weight), options);
    await checkGradient(build, [x, kernels], { step: 2 ** -10, tolerance: 5e-3 });
  });

  test(`the gradient of maxPool2d over an even area in blocks, windows ${name}`, async () => {
    const blank = constant(new Float32Array(2 * 3 * 36), [2, 3, 6, 6]);
    const build = (weight: Value, bias: Value) => maxPool2d(conv2d(add(blank, 1), weight, bias), options);
    await checkGradient(build, [kernels, hashedTensor([16], 3)]);
  });
}

interface PoolFixture extends OperatorResults {
  readonly name: string;
  readonly x: readonly number[];
  readonly kernel: [number, number];
  readonly stride?: [number, number];
  readonly padding?: [number, number];
}

for (const { name, x, ...rest } of readFixture<PoolFixture[]>('pool')) {
  test(`pooling and its gradient are PyTorch's: ${name}`, async () => {
    await expectLikePyTorch((image) => maxPool2d(image, rest), [hashedTensor(x, 1)], rest);
  });
}
