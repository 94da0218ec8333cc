import { expect, test } from 'vitest';
import { dense, gemm, matmul, matmulTransposed } from './dense.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant, input } from './value.ts';

test('the gradient of dense', async () => {
  await checkGradient(dense, [hashedTensor([3, 4], 1), hashedTensor([4, 2], 2), hashedTensor([2], 3)]);
});

test('the gradient of dense without bias', async () => {
  await checkGradient((x, weight) => dense(x, weight), [hashedTensor([3, 4], 1), hashedTensor([4, 2], 2)]);
});

const products: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['two matrices', [3, 4], [4, 2]],
  ['as many matrices', [2, 3, 4], [2, 4, 2]],
  ['many matrices and one', [2, 3, 4], [4, 2]],
  ['one matrix and many', [3, 4], [2, 4, 2]],
  ['batches that broadcast', [2, 1, 3, 2], [3, 2, 2]],
];

for (const [name, a, b] of products) {
  const transposed = [...b.slice(0, -2), b.at(-1)!, b.at(-2)!];

  test(`the gradient of matmul of ${name}`, async () => {
    await checkGradient(matmul, [hashedTensor(a, 1), hashedTensor(b, 2)]);
  });

  test(`the gradient of matmulTransposed of ${name}`, async () => {
    await checkGradient(matmulTransposed, [hashedTensor(a, 1), hashedTensor(transposed, 2)]);
  });
}

const matrix = constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
const other = constant(Float32Array.of(1, 0, -1, 2, 1, 0), [2, 3]);

test('values by hand', async () => {
  const x = input('x', 'float32', ['batch', 2]);
  const outputs = {
    dense: dense(x, matrix, constant(Float32Array.of(100, 200, 300), [3])),
    matmul: matmul(x, matrix),
    matmulTransposed: matmulTransposed(matrix, other),
    gemm: gemm(matrix, other, true, false),
    gemmTransposed: gemm(matrix, other, false, true),
  };
  const results = await runGraph(outputs, { x: { data: Float32Array.of(1, 1, 2, -1), shape: [2, 2] } });
  expect(results.dense).toEqual({ data: Float32Array.of(105, 207, 309, 98, 199, 300), shape: [2, 3] });
  expect(results.matmul).toEqual({ data: Float32Array.of(5, 7, 9, -2, -1, 0), shape: [2, 3] });
  expect(results.matmulTransposed).toEqual({ data: Float32Array.of(-2, 4, -2, 13), shape: [2, 2] });
  expect(results.gemm).toEqual({ data: Float32Array.of(9, 4, -1, 12, 5, -2, 15, 6, -3), shape: [3, 3] });
  expect(results.gemmTransposed).toEqual({ data: Float32Array.of(-2, 4, -2, 13), shape: [2, 2] });
});
