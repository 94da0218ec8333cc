import { expect, test } from 'vitest';
import { weightsByName } from './folded-context.ts';
import { changedWeights, sumOfDifferences } from './weight-differences.ts';

const base = weightsByName(
  new Map([
    ['conv.weight', Float32Array.of(1, 2, 3, 4, 5, 6)],
    ['conv.bias', Float32Array.of(10, 20)],
    ['other', Float32Array.of(7)],
  ]),
);
/** [outputs 2, inputs 1, 1, columns 3] */
const kernel = [2, 1, 1, 3];

test('a convolution gets the product of its two factors, other weights the whole difference', () => {
  const changed = changedWeights(
    base,
    new Map([
      // Rank 2: up [rank, outputs], down [rank, 3].
      ['conv.up', Float32Array.of(1, 0, 2, -1)],
      ['conv.down', Float32Array.of(1, 0, 0, 0, 10, 100)],
      ['conv.bias', Float32Array.of(0.5, -0.5)],
    ]),
  );
  // Output 0: 1 · [1 0 0] + 2 · [0 10 100]; output 1: −1 · [0 10 100].
  expect([...changed('conv.weight', kernel)]).toEqual([2, 22, 203, 4, -5, -94]);
  expect([...changed('conv.bias', [2])]).toEqual([10.5, 19.5]);
  expect([...changed('other', [1])]).toEqual([7]);
});

test('a weighted sum changes weights by the weighted sum of the changes', () => {
  const [a, b] = [
    new Map([
      ['conv.up', Float32Array.of(1, 2)],
      ['conv.down', Float32Array.of(1, 2, 3)],
      ['conv.bias', Float32Array.of(4, 8)],
    ]),
    new Map([
      ['conv.up', Float32Array.of(0, 4)],
      ['conv.down', Float32Array.of(-1, 0, 1)],
      ['other', Float32Array.of(2)],
    ]),
  ];
  const sum = sumOfDifferences([
    { differences: a, weight: 0.5 },
    { differences: b, weight: 2 },
  ]);
  const changed = changedWeights(base, sum);
  // 0.5 · [1 2 3; 2 4 6] + 2 · [0 0 0; −4 0 4] on top of [1 2 3; 4 5 6].
  expect([...changed('conv.weight', kernel)]).toEqual([1.5, 3, 4.5, -3, 7, 17]);
  expect([...changed('conv.bias', [2])]).toEqual([12, 24]);
  expect([...changed('other', [1])]).toEqual([11]);
});

test.each([
  ['bias', new Map([['conv.bias', new Float32Array(3)]])],
  [
    'rank',
    new Map([
      ['conv.up', new Float32Array(3)],
      ['conv.down', new Float32Array(3)],
    ]),
  ],
  [
    'patch',
    new Map([
      ['conv.up', new Float32Array(2)],
      ['conv.down', new Float32Array(4)],
    ]),
  ],
])('what does not fit is refused: %s', (_, differences) => {
  const changed = changedWeights(base, differences);
  const read = () => [changed('conv.weight', kernel), changed('conv.bias', [2])];
  expect(read).toThrow(expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining("'conv.") }));
});
