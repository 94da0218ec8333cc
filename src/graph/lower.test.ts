import { expect, test } from 'vitest';
import { relu } from './activation.ts';
import { conv2d } from './conv.ts';
import { ctcLoss } from './ctc-loss.ts';
import { gradients } from './gradients.ts';
import { lower } from './lower.ts';
import { operationsUpTo } from './operations-up-to.ts';
import { mean } from './reduce.ts';
import { portableTarget } from './target.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { constant, input } from './value.ts';

const weight = constant(hashedTensor([16, 16, 3, 3], 1).data, [16, 16, 3, 3]);

function operatorsFor(channelBlock: 0 | 8 | 16): string[] {
  const x = input('x', 'float32', [1, 16, 6, 6]);
  const outputs = [relu(conv2d(relu(conv2d(x, weight)), weight))];
  return operationsUpTo(lower(outputs, { device: 'cpu', channelBlock })).map(({ domain, name }) => `${domain} ${name}`);
}

test('a graph that was lowered in blocks can be lowered plainly afterwards', () => {
  const x = input('x', 'float32', [1, 16, 6, 6]);
  const outputs = [relu(conv2d(x, weight)), relu(x)];
  const before = operationsUpTo(lower(outputs, portableTarget)).map(({ name }) => name);
  lower(outputs, { device: 'cpu', channelBlock: 16 });
  const after = operationsUpTo(lower(outputs, portableTarget)).map(({ name, domain }) => domain + name);
  expect(before).toEqual(['Conv', 'Relu', 'Relu']);
  expect(after).toEqual(before);
});

test('a chain of convolutions and rectifiers is reordered once at either end', () => {
  const nchwc = 'com.microsoft.nchwc';
  const kernel = [' Reshape', ' Transpose', ' Reshape', ' Transpose', ' Reshape'];
  expect(operatorsFor(16)).toEqual([
    `${nchwc} ReorderInput`,
    ...kernel,
    `${nchwc} Conv`,
    ' Relu',
    ...kernel,
    `${nchwc} Conv`,
    ' Relu',
    `${nchwc} ReorderOutput`,
  ]);
});

test('without blocks the same chain is ONNX operators only', () => {
  expect(operatorsFor(0)).toEqual([' Conv', ' Relu', ' Conv', ' Relu']);
});

test('what a loss and its gradient have in common is computed once', () => {
  const logits = input('logits', 'float32', [2, 5, 4]);
  const labels = input('labels', 'int32', [2, 2]);
  const [frames, symbols] = ['frames', 'symbols'].map((name) => input(name, 'int32', [2]));
  const loss = mean(ctcLoss(logits, labels, frames, symbols));
  const outputs = [loss, ...gradients(loss, [logits])];
  const names = operationsUpTo(lower(outputs, portableTarget)).map(({ name }) => name);
  // One pass over the lattice in each direction.
  expect(names.filter((name) => name === 'Scan')).toHaveLength(2);
});
