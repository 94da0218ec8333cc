import { expect, test } from 'vitest';
import {
  absolute,
  add,
  divide,
  equal,
  exp,
  greater,
  greaterOrEqual,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  sqrt,
  square,
  subtract,
  where,
} from './elementwise.ts';
import { cast } from './cast.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor, spacedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant, input, type Value } from './value.ts';

/** f of the vectors, computed by ONNX Runtime. */
async function compute(
  f: (...values: Value[]) => Value,
  ...vectors: readonly (readonly number[])[]
): Promise<number[]> {
  const values = vectors.map((_, i) => input(`x${i}`, 'float32', ['n']));
  const feeds = vectors.map((data, i) => [`x${i}`, { data: Float32Array.from(data), shape: [data.length] }]);
  const { y } = await runGraph({ y: f(...values) }, Object.fromEntries(feeds));
  return Array.from(y.data as Float32Array);
}

const binaries = { add, subtract, multiply, divide };
const shapes: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['of like shapes', [2, 3], [2, 3]],
  ['with a row', [2, 3], [3]],
  ['with a column', [2, 1], [2, 3]],
  ['with both repeated', [2, 1, 3], [4, 1]],
  ['with a scalar', [], [2, 2]],
];

for (const [name, f] of Object.entries(binaries)) {
  for (const [shape, a, b] of shapes) {
    test(`the gradient of ${name} ${shape}`, async () => {
      await checkGradient(f, [hashedTensor(a, 1), hashedTensor(b, 2, 0.5, 1.5)]);
    });
  }
}

for (const [name, f] of Object.entries({ maximum, minimum })) {
  test(`the gradient of ${name} with broadcasting`, async () => {
    await checkGradient(f, [spacedTensor([4, 6], 1), { data: Float32Array.of(-0.3, 0, 0.3, 0.6, 0, 0), shape: [6] }]);
  });
}

test('where both are equal, maximum and minimum give the gradient to one', async () => {
  const x = { data: Float32Array.of(1, -2), shape: [2] };
  await checkGradient((a) => maximum(a, a), [x]);
  await checkGradient((a) => minimum(a, a), [x]);
});

const unaries: readonly (readonly [string, (x: Value) => Value, scale: number, shift: number])[] = [
  ['negate', negate, 1, 0],
  ['exp', exp, 1, 0],
  ['log', log, 0.5, 1.5],
  ['sqrt', sqrt, 0.5, 1.5],
  ['square', square, 1, 0],
  ['add with a number', (x) => add(x, 2), 1, 0],
  ['number − x', (x) => subtract(2, x), 1, 0],
  ['number / x', (x) => divide(2, x), 0.5, 1.5],
];
for (const [name, f, scale, shift] of unaries) {
  test(`the gradient of ${name}`, async () => {
    await checkGradient(f, [hashedTensor([3, 4], 1, scale, shift)]);
  });
}

test('the gradient of absolute', async () => {
  await checkGradient(absolute, [spacedTensor([3, 4], 1)]);
});

test('the gradient of where, with broadcasting of all three', async () => {
  const condition = hashedTensor([3, 1], 5);
  const build = (a: Value, b: Value) => where(greater(constant(condition.data, [3, 1]), 0), a, b);
  await checkGradient(build, [hashedTensor([4], 1), hashedTensor([2, 1, 1], 2)]);
});

test('a value that is used more than once gets the sum of its gradients', async () => {
  await checkGradient((x) => add(multiply(x, exp(x)), divide(x, add(square(x), 1))), [hashedTensor([2, 3], 1)]);
});

test('values by hand', async () => {
  expect(await compute(add, [1, -2], [0.5, 4])).toEqual([1.5, 2]);
  expect(await compute(subtract, [1, -2], [0.5, 4])).toEqual([0.5, -6]);
  expect(await compute(multiply, [1, -2], [0.5, 4])).toEqual([0.5, -8]);
  expect(await compute(divide, [1, -2], [0.5, 4])).toEqual([2, -0.5]);
  expect(await compute(maximum, [1, -2], [0.5, 4])).toEqual([1, 4]);
  expect(await compute(minimum, [1, -2], [0.5, 4])).toEqual([0.5, -2]);
  expect(await compute(negate, [1, -2])).toEqual([-1, 2]);
  expect(await compute(sqrt, [9, 0.25])).toEqual([3, 0.5]);
  expect(await compute(square, [3, -0.5])).toEqual([9, 0.25]);
  expect(await compute(absolute, [3, -0.5])).toEqual([3, 0.5]);
});

test('comparisons by hand', async () => {
  const asNumbers = (f: typeof greater) => (a: Value, b: Value) => cast(f(a, b), 'float32');
  expect(await compute(asNumbers(greater), [1, 2, 3], [2, 2, 2])).toEqual([0, 0, 1]);
  expect(await compute(asNumbers(greaterOrEqual), [1, 2, 3], [2, 2, 2])).toEqual([0, 1, 1]);
  expect(await compute(asNumbers(equal), [1, 2, 3], [2, 2, 2])).toEqual([0, 1, 0]);
  expect(await compute((a, b) => where(greater(a, b), a, 9), [1, 2, 3], [2, 2, 2])).toEqual([9, 9, 3]);
});

test('exp and log against tables', async () => {
  const [e, root] = await compute(exp, [1, 0.5]);
  expect(e).toBeCloseTo(Math.E, 6);
  expect(root).toBeCloseTo(1.648721271, 6);
  const [two, ten] = await compute(log, [2, 10]);
  expect(two).toBeCloseTo(Math.LN2, 6);
  expect(ten).toBeCloseTo(Math.LN10, 6);
});
