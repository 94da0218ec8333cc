import { expect, test } from 'vitest';
import { conv2d } from './conv.ts';
import { multiplyAccumulates } from './count-work.ts';
import { dense, gemm, matmul, matmulTransposed } from './dense.ts';
import { relu } from './activation.ts';
import { input } from './value.ts';

const of = (...shape: (number | string)[]) => input('x', 'float32', shape);

test.each([
  // outputs × kernel height × kernel width × channels of the group
  ['a convolution', conv2d(of(2, 3, 10, 10), of(8, 3, 3, 3)), 2 * 8 * 8 * 8 * 27],
  ['a depthwise one', conv2d(of(1, 8, 10, 10), of(8, 1, 3, 3), undefined, { groups: 8 }), 8 * 8 * 8 * 9],
  ['a dense layer', dense(of(4, 5), of(5, 6)), 4 * 5 * 6],
  ['a dense layer for a batch of any size', dense(of('batch', 5), of(5, 6)), 5 * 6],
  ['a product with the first matrix transposed', gemm(of(5, 4), of(5, 6), true, false), 4 * 5 * 6],
  ['a batch of products', matmul(of(3, 4, 5), of(5, 6)), 3 * 4 * 5 * 6],
  ['a batch of products with the second transposed', matmulTransposed(of(3, 4, 5), of(3, 6, 5)), 3 * 4 * 5 * 6],
  ['an activation', relu(of(4, 5)), 0],
])('%s', (_, value, expected) => {
  expect(multiplyAccumulates([value])).toBe(expected);
});

test('what two outputs share is counted once', () => {
  const hidden = dense(of(1, 5), of(5, 6));
  expect(multiplyAccumulates([dense(hidden, of(6, 2)), dense(hidden, of(6, 3))])).toBe(30 + 12 + 18);
});
