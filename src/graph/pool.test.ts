import { expect, test } from 'vitest';
import { conv2d } from './conv.ts';
import { add } from './elementwise.ts';
import { averagePool2d, globalAveragePool, maxPool2d, type PoolOptions } from './pool.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor, spacedTensor } from './testing/hashed-values.ts';
import { constant } from './value.ts';

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

  test(`the gradient of averagePool2d, windows ${name}`, async () => {
    await checkGradient((x) => averagePool2d(x, options), [hashedTensor(shape, 1)]);
  });

  // All elements of a window are equal here; together they may get no more than the window's gradient.
  test(`the gradient of maxPool2d over an even area, windows ${name}`, async () => {
    const blank = constant(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    await checkGradient((shift) => maxPool2d(add(blank, shift), options), [hashedTensor([shape[1], 1, 1], 1)]);
  });
}
