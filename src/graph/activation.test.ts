import { expect, test } from 'vitest';
import { gelu, hardSwish, leakyRelu, relu, sigmoid, silu, softplus, tanh } from './activation.ts';
import { conv2d } from './conv.ts';
import { add } from './elementwise.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { readFixture, type OperatorResults } from './testing/fixture.ts';
import { hashedTensor, spacedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant, input, type Value } from './value.ts';

const smooth: Record<string, (x: Value) => Value> = { sigmoid, tanh, silu, gelu, softplus };
const kinked: Record<string, (x: Value) => Value> = { relu, leakyRelu, hardSwish };

for (const [name, f] of Object.entries(smooth)) {
  test(`the gradient of ${name}`, async () => {
    await checkGradient(f, [hashedTensor([4, 6], 1, 4)]);
  });
}

for (const [name, f] of Object.entries(kinked)) {
  test(`the gradient of ${name}`, async () => {
    await checkGradient(f, [spacedTensor([4, 6], 1)]);
  });
}

test('the gradient of leakyRelu with a slope of its own', async () => {
  await checkGradient((x) => leakyRelu(x, 0.2), [spacedTensor([4, 6], 1)]);
});

test('the gradient of hardSwish around its kinks at −3 and 3', async () => {
  for (const shift of [-3, 3]) await checkGradient((x) => hardSwish(add(x, shift)), [spacedTensor([4, 4], 1)]);
});

const functions: Record<string, (x: Value) => Value> = { ...smooth, ...kinked };

for (const { name, ...results } of readFixture<(OperatorResults & { name: string })[]>('activation')) {
  test(`${name} and its gradient are PyTorch's`, async () => {
    await expectLikePyTorch(functions[name], [hashedTensor([40], 1, 6)], results);
  });
}

// One convolution gives each activation its input in blocks, another takes its output up again.
for (const [name, f] of Object.entries(functions)) {
  test(`the gradient of ${name} in blocks`, async () => {
    const build = (x: Value, weight: Value) => conv2d(f(conv2d(x, weight)), constant(outer.data, [16, 16, 1, 1]));
    const outer = hashedTensor([16, 16, 1, 1], 3, 0.3);
    await checkGradient(build, [spacedTensor([1, 1, 3, 3], 1), hashedTensor([16, 1, 1, 1], 2)]);
  });
}

test('softplus and silu far from 0 neither overflow nor lose their slope', async () => {
  const x = input('x', 'float32', [2]);
  const ends = { x: { data: Float32Array.of(-200, 200), shape: [2] } };
  const results = await runGraph({ softplus: softplus(x), silu: silu(x) }, ends);
  expect(Array.from(results.softplus.data, Number)).toEqual([0, 200]);
  expect(results.silu.data[0]).toBeCloseTo(0, 10);
  expect(results.silu.data[1]).toBe(200);
});
