import { expect, test } from 'vitest';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { input } from './value.ts';
import { slidingWindows } from './windows.ts';

const ramp = (shape: readonly number[]) => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
  shape,
});

test.each([
  { size: 4, stride: 2, windows: [0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7] },
  { size: 3, stride: 2, windows: [0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8] },
  { size: 5, stride: 2, windows: [0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 4, 5, 6, 7, 8] },
  { size: 2, stride: 4, windows: [0, 1, 4, 5] },
  { size: 9, stride: 3, windows: [0, 1, 2, 3, 4, 5, 6, 7, 8] },
])('windows of $size every $stride columns of 9', async ({ size, stride, windows }) => {
  const { y } = await runGraph(
    { y: slidingWindows(input('x', 'float32', [1, 1, 1, 9]), size, stride) },
    { x: ramp([1, 1, 1, 9]) },
  );
  expect(y.shape).toEqual([1, windows.length / size, 1, 1, size]);
  expect([...y.data]).toEqual(windows);
});

test('windows keep channels and rows together', async () => {
  const x = ramp([1, 2, 2, 4]);
  const { y } = await runGraph({ y: slidingWindows(input('x', 'float32', x.shape), 2, 2) }, { x });
  expect(y.shape).toEqual([1, 2, 2, 2, 2]);
  expect([...y.data]).toEqual([0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15]);
});

test.each([
  [5, 2],
  [2, 3],
])('the gradient of windows of %i every %i columns', async (size, stride) => {
  await checkGradient((x) => slidingWindows(x, size, stride), [hashedTensor([2, 2, 3, 9], 1)]);
});

test('windows wider than the image are named', () => {
  expect(() => slidingWindows(input('x', 'float32', [1, 1, 2, 8]), 9, 1)).toThrow(
    'windows of 9 are wider than [1, 1, 2, 8]',
  );
});
