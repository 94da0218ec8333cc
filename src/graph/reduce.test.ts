import { expect, test } from 'vitest';
import { add, multiply } from './elementwise.ts';
import { argmax, detach, euclideanNorm, logSumExp, max, mean, sum } from './reduce.ts';
import { gradients } from './gradients.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor, spacedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant, input } from './value.ts';

const axes: readonly (readonly [string, readonly number[] | undefined, boolean])[] = [
  ['everything', undefined, false],
  ['the first axis', [0], false],
  ['the outer axes', [0, 2], false],
  ['the middle axis, kept', [1], true],
];
for (const [name, which, keep] of axes) {
  for (const [operator, f, tensor] of [
    ['sum', sum, hashedTensor],
    ['mean', mean, hashedTensor],
    ['max', max, spacedTensor],
  ] as const) {
    test(`the gradient of ${operator} over ${name}`, async () => {
      await checkGradient((x) => f(x, which, keep), [tensor([2, 3, 4], 1)]);
    });
  }
}

test('equal maxima share the gradient', async () => {
  const even = constant(new Float32Array(6), [2, 3]);
  await checkGradient((shift) => max(add(even, shift), [1]), [hashedTensor([2, 1], 1)]);
});

test('the gradient of logSumExp', async () => {
  await checkGradient((x) => logSumExp(x, 1), [hashedTensor([2, 5], 1, 3)]);
});

test('no gradient flows through detach', async () => {
  // d(x · detach(x)) / dx = x, not 2x
  const x = input('x', 'float32', [2]);
  const [slope] = gradients(sum(multiply(x, detach(x))), [x]);
  const { slope: values } = await runGraph({ slope }, { x: { data: Float32Array.of(3, -5), shape: [2] } });
  expect(Array.from(values.data, Number)).toEqual([3, -5]);
});

test('values by hand', async () => {
  const x = input('x', 'float32', [2, 3]);
  const outputs = {
    sum: sum(x),
    columns: sum(x, [0]),
    mean: mean(x, [1], true),
    max: max(x, [1]),
    argmax: argmax(x, 1),
    logSumExp: logSumExp(x, 1),
  };
  const results = await runGraph(outputs, { x: { data: Float32Array.of(1, 7, 4, 0, -3, -6), shape: [2, 3] } });
  expect(results.sum).toEqual({ data: Float32Array.of(3), shape: [] });
  expect(results.columns).toEqual({ data: Float32Array.of(1, 4, -2), shape: [3] });
  expect(results.mean).toEqual({ data: Float32Array.of(4, -3), shape: [2, 1] });
  expect(results.max).toEqual({ data: Float32Array.of(7, 0), shape: [2] });
  expect(results.argmax).toEqual({ data: BigInt64Array.of(1n, 0n), shape: [2] });
  // torch.logsumexp
  expect(results.logSumExp.data[0]).toBeCloseTo(7.0509458, 5);
  expect(results.logSumExp.data[1]).toBeCloseTo(0.0509458, 5);
});

test('logSumExp does not overflow', async () => {
  const { y } = await runGraph(
    { y: logSumExp(input('x', 'float32', [1, 2]), 1) },
    { x: { data: Float32Array.of(1000, 1000), shape: [1, 2] } },
  );
  expect(y.data[0]).toBeCloseTo(1000 + Math.LN2, 3);
});

test('the Euclidean norm and its gradient', async () => {
  const { y } = await runGraph(
    { y: euclideanNorm(input('x', 'float32', [1, 2])) },
    { x: { data: Float32Array.of(3, -4), shape: [1, 2] } },
  );
  expect(y).toEqual({ data: Float32Array.of(5), shape: [] });
  await checkGradient(euclideanNorm, [hashedTensor([2, 3], 1)]);
});
