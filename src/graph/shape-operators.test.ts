import { expect, test } from 'vitest';
import { add, multiply } from './elementwise.ts';
import { cast } from './cast.ts';
import { concat, split } from './concat.ts';
import { expand, zeros } from './expand.ts';
import { gather, reverse } from './gather.ts';
import { pad } from './pad.ts';
import { flatten, reshape } from './reshape.ts';
import { dilate, slice } from './slice.ts';
import { transpose } from './transpose.ts';
import { checkGradient } from './testing/check-gradient.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { runGraph } from './testing/run-graph.ts';
import { constant, input, int64s, type Value } from './value.ts';

const builds: readonly (readonly [string, (x: Value) => Value])[] = [
  ['reshape', (x) => reshape(x, [4, 6])],
  ['reshape with a size that follows', (x) => reshape(x, [3, -1, 2])],
  ['flatten', (x) => flatten(x)],
  ['transpose', (x) => transpose(x, [2, 0, 1])],
  [
    'slice along two axes',
    (x) =>
      slice(x, [
        { axis: 1, start: 1 },
        { axis: 2, start: 0, end: 3 },
      ]),
  ],
  [
    'slice with steps',
    (x) =>
      slice(x, [
        { axis: 2, start: 1, end: 4, step: 2 },
        { axis: 1, start: 0, step: 2 },
      ]),
  ],
  ['slice with a step that skips the end', (x) => slice(x, [{ axis: 2, start: 0, end: 3, step: 2 }])],
  ['dilate', (x) => dilate(x, 1, 3)],
  [
    'pad',
    (x) =>
      pad(
        x,
        [
          { axis: 0, before: 1, after: 0 },
          { axis: 2, before: 2, after: 3 },
        ],
        7,
      ),
  ],
  ['pad that crops', (x) => pad(x, [{ axis: 2, before: -1, after: -2 }])],
  ['pad that crops on one side', (x) => pad(x, [{ axis: 1, before: 2, after: -1 }])],
  ['expand', (x) => expand(reshape(x, [2, 1, 3, 4]), [2, 5, 3, 4])],
  ['expand with more dimensions', (x) => expand(reshape(x, [24, 1]), [2, 24, 2])],
  ['reverse', (x) => reverse(x, 1)],
  ['concat with itself', (x) => concat([x, multiply(x, 2), x], 1)],
  [
    'split',
    (x) =>
      split(x, [1, 1, 2], 2)
        .map((part, i) => multiply(part, i + 1))
        .reduce(add),
  ],
  ['split with parts that nothing uses', (x) => split(x, [1, 1, 2], 2)[1]],
];
for (const [name, build] of builds) {
  test(`the gradient of ${name}`, async () => {
    await checkGradient(build, [hashedTensor([2, 3, 4], 1)]);
  });
}

test('the gradient of concat of unlike sizes', async () => {
  const shapes = [
    [2, 1, 2],
    [2, 3, 2],
    [2, 2, 2],
  ];
  await checkGradient(
    (...parts) => concat(parts, 1),
    shapes.map((shape, i) => hashedTensor(shape, i)),
  );
});

/** f of 0, 1, 2, … in a shape. */
async function ofCounting(
  shape: readonly number[],
  f: (x: Value) => Value,
): Promise<{ shape: readonly number[]; data: number[] }> {
  const x = { data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i), shape };
  const { y } = await runGraph({ y: f(input('x', 'float32', shape)) }, { x });
  return { shape: y.shape, data: Array.from(y.data, Number) };
}

test('values by hand', async () => {
  expect(await ofCounting([2, 3], (x) => transpose(x, [1, 0]))).toEqual({ shape: [3, 2], data: [0, 3, 1, 4, 2, 5] });
  expect(await ofCounting([6], (x) => slice(x, [{ axis: 0, start: 1, end: 6, step: 2 }]))).toEqual({
    shape: [3],
    data: [1, 3, 5],
  });
  expect(await ofCounting([3], (x) => dilate(x, 0, 3))).toEqual({ shape: [7], data: [0, 0, 0, 1, 0, 0, 2] });
  expect(await ofCounting([2, 2], (x) => pad(x, [{ axis: 1, before: 1, after: -1 }], 9))).toEqual({
    shape: [2, 2],
    data: [9, 0, 9, 2],
  });
  expect(await ofCounting([2, 1], (x) => expand(x, [2, 3]))).toEqual({ shape: [2, 3], data: [0, 0, 0, 1, 1, 1] });
  expect(await ofCounting([2, 3], (x) => reverse(x, 1))).toEqual({ shape: [2, 3], data: [2, 1, 0, 5, 4, 3] });
  expect(await ofCounting([2, 2], (x) => concat([x, reverse(x, 0)], 1))).toEqual({
    shape: [2, 4],
    data: [0, 1, 2, 3, 2, 3, 0, 1],
  });
  expect(await ofCounting([1, 4], (x) => split(x, [1, 3], 1)[1])).toEqual({ shape: [1, 3], data: [1, 2, 3] });
  expect(await ofCounting([3, 2], (x) => gather(x, int64s([2, 0]), 0))).toEqual({ shape: [2, 2], data: [4, 5, 0, 1] });
  expect(await ofCounting([2], (x) => add(x, zeros([2, 2])))).toEqual({ shape: [2, 2], data: [0, 1, 0, 1] });
});

test('cast between all types', async () => {
  const x = constant(Float32Array.of(0, 1, 2.75), [3]);
  const outputs = {
    uint8: cast(x, 'uint8'),
    int32: cast(x, 'int32'),
    int64: cast(x, 'int64'),
    back: cast(cast(x, 'bool'), 'float32'),
  };
  const results = await runGraph(outputs, {});
  expect(results.uint8.data).toEqual(Uint8Array.of(0, 1, 2));
  expect(results.int32.data).toEqual(Int32Array.of(0, 1, 2));
  expect(results.int64.data).toEqual(BigInt64Array.of(0n, 1n, 2n));
  expect(results.back.data).toEqual(Float32Array.of(0, 1, 1));
});

test('shapes keep the name of a size that is known at run time', async () => {
  const x = input('x', 'float32', ['batch', 2, 3]);
  const y = reshape(transpose(flatten(x), [1, 0]), [3, 2, 'batch']);
  expect(y.shape).toEqual([3, 2, 'batch']);
  const { y: result } = await runGraph({ y }, { x: hashedTensor([4, 2, 3], 1) });
  expect(result.shape).toEqual([3, 2, 4]);
});

test('reshape copies a second unknown size from its place', async () => {
  const x = input('x', 'float32', ['batch', 6, 'width']);
  const { y } = await runGraph({ y: reshape(x, ['batch', 6, 'width', 1]) }, { x: hashedTensor([2, 6, 5], 1) });
  expect(y.shape).toEqual([2, 6, 5, 1]);
});
