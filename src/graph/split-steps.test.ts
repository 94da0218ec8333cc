import { expect, test } from 'vitest';
import { runGraph } from './testing/run-graph.ts';
import { splitSteps } from './split-steps.ts';
import { input } from './value.ts';

const x = { data: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]), shape: [1, 2, 4] };

test('each step becomes several, with its features in turn', async () => {
  const fixed = splitSteps(input('x', 'float32', [1, 2, 4]), 2);
  expect(fixed.shape).toEqual([1, 4, 2]);
  const { y } = await runGraph({ y: fixed }, { x });
  expect(y).toMatchObject({ data: x.data, shape: [1, 4, 2] });
});

test('time may be known only when the graph runs', async () => {
  const open = splitSteps(input('x', 'float32', ['batch', 'time', 4]), 2);
  expect(open.shape).toEqual(['batch', '2*(time)', 2]);
  const { y } = await runGraph({ y: open }, { x });
  expect(y).toMatchObject({ data: x.data, shape: [1, 4, 2] });
});

test('features that do not divide are refused', () => {
  expect(() => splitSteps(input('x', 'float32', [1, 2, 3]), 2)).toThrow(
    'splitSteps: 3 features cannot be split into 2 equal parts.',
  );
});
