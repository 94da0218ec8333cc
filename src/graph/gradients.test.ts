import { expect, test } from 'vitest';
import { add, exp, multiply } from './elementwise.ts';
import { gradients } from './gradients.ts';
import { detach, sum } from './reduce.ts';
import { cast } from './cast.ts';
import { gather } from './gather.ts';
import { runGraph } from './testing/run-graph.ts';
import { input, int64s, operation, type Value } from './value.ts';

const x = input('x', 'float32', [2]);
const other = input('other', 'float32', [2]);

test('a value that the loss does not depend on is an error', () => {
  expect(() => gradients(sum(x), [x, other])).toThrow('gradients: the loss does not depend on value 1, [2].');
  expect(() => gradients(sum(detach(x)), [x])).toThrow('gradients: the loss does not depend on value 0, [2].');
});

test('an operator without gradient on the way is an error, not a silent zero', () => {
  const loss = add(sum(x), sum(gather(x, int64s([0]), 0)));
  expect(() => gradients(loss, [x])).toThrow(
    'gradients: Gather has no gradient; write the loss without it, or put detach before it if none shall flow.',
  );
  expect(gradients(add(sum(x), sum(gather(detach(x), int64s([0]), 0))), [x])[0].shape).toEqual([2]);
});

test('no gradient flows through whole numbers', async () => {
  const loss = sum(multiply(x, cast(cast(x, 'int32'), 'float32')));
  const { slope } = await runGraph(
    { slope: gradients(loss, [x])[0] },
    { x: { data: Float32Array.of(2.5, -3.5), shape: [2] } },
  );
  expect(slope.data).toEqual(Float32Array.of(2, -3));
});

test('a gradient of another shape than its value is an error of the operator', () => {
  const wrong = operation('Wrong', [x], { type: 'float32', shape: [] }, { gradient: ([dy]) => [dy] });
  expect(() => gradients(wrong, [x])).toThrow('Wrong: its gradient [] does not fit input 0, [2].');
});

test('the gradient of the loss for itself is 1', async () => {
  const loss = sum(x);
  const { slope } = await runGraph({ slope: gradients(loss, [loss])[0] }, {});
  expect(slope).toEqual({ data: Float32Array.of(1), shape: [] });
});

test('gradients of values in the middle of the graph', async () => {
  const middle = multiply(x, 3);
  const [slope, inner] = gradients(sum(exp(middle)), [x, middle]);
  const results = await runGraph({ slope, inner }, { x: { data: Float32Array.of(0, 0), shape: [2] } });
  expect(results.inner.data).toEqual(Float32Array.of(1, 1));
  expect(results.slope.data).toEqual(Float32Array.of(3, 3));
});

test('a graph that is 20,000 operations deep', async () => {
  let y: Value = x;
  for (let i = 0; i < 20_000; i++) y = add(y, 1);
  expect(gradients(sum(y), [x])[0].shape).toEqual([2]);
});
