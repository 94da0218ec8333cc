import { expect, test } from 'vitest';
import { attention, hideUnused, joinHeads, splitHeads } from './attention.ts';
import { matmul } from './dense.ts';
import { add } from './elementwise.ts';
import { relativeBias, sinusoidalPositions } from './positions.ts';
import { split } from './concat.ts';
import { checkGradient, expectClose } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { readFixture, type OperatorResults } from './testing/fixture.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { feedsOf, inputValues, runGraph } from './testing/run-graph.ts';
import { constant, input, type Value } from './value.ts';

const used = constant(Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0), [2, 6]);

function selfAttention(...[x, weight, bias, table]: Value[]): Value {
  const parts = split(add(matmul(x, weight), bias), [8, 8, 8], 2);
  const [queries, keys, values] = parts.map((part) => splitHeads(part, 2));
  return joinHeads(attention(queries, keys, values, add(relativeBias(x, table), hideUnused(used))));
}

const tensors = [
  hashedTensor([2, 6, 8], 1, 2),
  hashedTensor([8, 24], 2),
  hashedTensor([24], 3),
  hashedTensor([2, 5], 4, 2),
];

test("attention with relative positions over lines of unlike length is PyTorch's", async () => {
  await expectLikePyTorch(selfAttention, tensors, readFixture<OperatorResults>('attention'));
});

test('the gradient of attention', async () => {
  await checkGradient(selfAttention, tensors, { tolerance: 3e-3 });
});

test('what is hidden changes nothing that is not', async () => {
  const [x, ...weights] = inputValues(tensors);
  const run = async (change: number) => {
    const data = (tensors[0].data as Float32Array).map((value, i) => (i >= 80 ? value + change : value));
    const { y } = await runGraph(
      { y: selfAttention(x, ...weights) },
      { ...feedsOf(tensors), x0: { ...tensors[0], data } },
    );
    return y.data.slice(0, 80);
  };
  expect(await run(100)).toEqual(await run(0));
});

test('positions and biases are the same where the time is known only when the graph runs', async () => {
  const tensor = hashedTensor([1, 5, 6], 1);
  const table = constant(hashedTensor([3, 7], 2).data, [3, 7]);
  const all = (x: Value) => [sinusoidalPositions(x), relativeBias(x, table)];
  const known = all(input('x', 'float32', tensor.shape));
  const unknown = all(input('x', 'float32', ['batch', 'time', 6]));
  expect(unknown.map(({ shape }) => shape)).toEqual([
    ['time', 6],
    [3, 'time', 'time'],
  ]);
  const expected = await runGraph({ waves: known[0], bias: known[1] }, {});
  const actual = await runGraph({ waves: unknown[0], bias: unknown[1] }, { x: tensor });
  expectClose(actual.waves, expected.waves, 1e-6, 'waves');
  expectClose(actual.bias, expected.bias, 0, 'bias');
});

test('values by hand', async () => {
  const x = input('x', 'float32', [1, 3, 4]);
  const outputs = {
    waves: sinusoidalPositions(x),
    bias: relativeBias(x, constant(Float32Array.of(-1, 0, 1, 2, 3), [1, 5])),
    clipped: relativeBias(x, constant(Float32Array.of(-1, 0, 1), [1, 3])),
  };
  const { waves, bias, clipped } = await runGraph(outputs, {});
  const expected = [0, 1, 2].flatMap((t) => [Math.sin(t), Math.sin(t / 100), Math.cos(t), Math.cos(t / 100)]);
  expected.forEach((value, i) => expect(waves.data[i]).toBeCloseTo(value, 6));
  expect([...bias.data]).toEqual([1, 2, 3, 0, 1, 2, -1, 0, 1]);
  expect([...clipped.data]).toEqual([0, 1, 1, -1, 0, 1, -1, -1, 0]);
});

test('heads that do not divide the features are named', () => {
  expect(() => splitHeads(input('x', 'float32', [1, 4, 10]), 4)).toThrow('10 features do not divide into 4 heads');
});
