import { expect, test } from 'vitest';
import { concat } from './concat.ts';
import { reverse as turnAround } from './gather.ts';
import { lstmInference, lstmTraining, type LstmOptions } from './lstm.ts';
import { checkGradient, expectClose } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { expectSampled, readFixture, type OperatorResults } from './testing/fixture.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { feedsOf, inputValues, runGraph } from './testing/run-graph.ts';
import { constant, input, type Value } from './value.ts';

/** x and the weights, as the fixture has them. */
function tensorsFor([time, batch, inputs, units] = [5, 2, 3, 4]) {
  const x = hashedTensor([time, batch, inputs], 1, 2);
  return [x, hashedTensor([inputs, 4 * units], 2), hashedTensor([units, 4 * units], 3), hashedTensor([4 * units], 4)];
}

const weightsOf = ([weight, recurrent, bias]: Value[]) => ({ input: weight, recurrent, bias });

const training =
  (options: LstmOptions = {}) =>
  (x: Value, ...weights: Value[]) =>
    lstmTraining(x, weightsOf(weights), options);

const inference = (x: Value, ...directions: Value[][]) => lstmInference(x, directions.map(weightsOf));

for (const { reverse, ...expected } of readFixture<(OperatorResults & { reverse: boolean })[]>('lstm')) {
  const direction = reverse ? 'from the last time to the first' : 'from the first time to the last';

  test(`trained ${direction}, it is PyTorch's`, async () => {
    await expectLikePyTorch(training({ reverse }), tensorsFor(), expected);
  });

  test(`served ${direction}, it is PyTorch's`, async () => {
    const tensors = tensorsFor();
    const [x, ...weights] = inputValues(tensors);
    const turn = (value: Value) => (reverse ? turnAround(value, 0) : value);
    const { y } = await runGraph({ y: turn(inference(turn(x), weights)) }, feedsOf(tensors));
    expectSampled(y, expected.y, 1e-5, 'y');
  });
}

test('the gradient, against differences', async () => {
  await checkGradient(training(), tensorsFor([3, 2, 2, 2]));
});

test('one time step', async () => {
  const [x, weight, { data, shape }, bias] = tensorsFor([1, 2, 2, 2]);
  // Nothing comes back from the step before the first, so the recurrent weights have no gradient.
  const recurrent = constant(data, shape);
  await checkGradient((value, w, b) => training()(value, w, recurrent, b), [x, weight, bias]);
});

test('both directions, served in one operator as trained in two', async () => {
  const tensors = tensorsFor([7, 3, 4, 5]);
  const backward = tensors.slice(1).map(({ shape }, i) => hashedTensor(shape, 20 + i));
  const all = [...tensors, ...backward];
  const [x, ...weights] = inputValues(all);
  const halves = [weights.slice(0, backward.length), weights.slice(backward.length)];
  const trained = concat([training()(x, ...halves[0]), training({ reverse: true })(x, ...halves[1])], 2);
  const { served, wanted } = await runGraph({ served: inference(x, ...halves), wanted: trained }, feedsOf(all));
  expectClose(served, wanted, 1e-5, 'lstm');
});

test('weights that do not fit are named', () => {
  const wrong = inputValues(tensorsFor()).with(2, input('wrong', 'float32', [3, 12]));
  expect(() => training()(wrong[0], ...wrong.slice(1))).toThrow('lstm: recurrent weights [3, 12] do not fit');
});
