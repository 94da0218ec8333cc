import { expect, test } from 'vitest';
import { relu, sigmoid, softplus, tanh } from './activation.ts';
import { conv2d } from './conv.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { readFixture, type OperatorResults } from './testing/fixture.ts';
import { hashedTensor, spacedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant, input, type Value } from './value.ts';

const smooth: Record<string, (x: Value) => Value> = { sigmoid, tanh, softplus };
const kinked: Record<string, (x: Value) => Value> = { relu };

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

test('softplus far from 0 neither overflows nor loses its slope', async () => {
  const x = input('x', 'float32', [2]);
  const ends = { x: { data: Float32Array.of(-200, 200), shape: [2] } };
  const results = await runGraph({ softplus: softplus(x) }, ends);
  expect(Array.from(results.softplus.data, Number)).toEqual([0, 200]);
});
