import { describe, expect, test } from 'vitest';
import { gruInference, gruTraining } from './gru.ts';
import { lstmInference, lstmTraining } from './lstm.ts';
import type { RecurrenceOptions } from './recurrence.ts';
import { concat } from './concat.ts';
import { reverse as turnAround } from './gather.ts';
import { checkGradient, expectClose } from './testing/check-gradient.ts';
import { expectLikePyTorch } from './testing/expect-like-pytorch.ts';
import { expectSampled, readFixture, type OperatorResults } from './testing/fixture.ts';
import { hashedTensor } from './testing/hashed-values.ts';
import { feedsOf, inputValues, runGraph } from './testing/run-graph.ts';
import { constant, input, type Value } from './value.ts';

interface Case extends OperatorResults {
  readonly kind: 'lstm' | 'gru';
  readonly reverse: boolean;
}

const gateCounts = { lstm: 4, gru: 3 };
const kinds = ['lstm', 'gru'] as const;

/** x and the weights, as the fixture has them. */
function tensorsFor(kind: Case['kind'], [time, batch, inputs, units] = [5, 2, 3, 4]) {
  const columns = gateCounts[kind] * units;
  const x = hashedTensor([time, batch, inputs], 1, 2);
  const weights = [hashedTensor([inputs, columns], 2), hashedTensor([units, columns], 3), hashedTensor([columns], 4)];
  return kind === 'lstm' ? [x, ...weights] : [x, ...weights, hashedTensor([units], 5)];
}

const weightsOf = ([weight, recurrent, bias, hiddenBias]: Value[]) => ({ input: weight, recurrent, bias, hiddenBias });

const training =
  (kind: Case['kind'], options: RecurrenceOptions = {}) =>
  (x: Value, ...weights: Value[]) =>
    kind === 'lstm' ? lstmTraining(x, weightsOf(weights), options) : gruTraining(x, weightsOf(weights), options);

const inference =
  (kind: Case['kind']) =>
  (x: Value, ...directions: Value[][]) =>
    kind === 'lstm' ? lstmInference(x, directions.map(weightsOf)) : gruInference(x, directions.map(weightsOf));

for (const { kind, reverse, ...expected } of readFixture<Case[]>('recurrence')) {
  const name = `${kind}${reverse ? ', from the last time to the first' : ''}`;

  test(`${name}: trained, it is PyTorch's`, async () => {
    await expectLikePyTorch(training(kind, { reverse }), tensorsFor(kind), expected);
  });

  test(`${name}: served, it is PyTorch's`, async () => {
    const tensors = tensorsFor(kind);
    const [x, ...weights] = inputValues(tensors);
    const turn = (value: Value) => (reverse ? turnAround(value, 0) : value);
    const { y } = await runGraph({ y: turn(inference(kind)(turn(x), weights)) }, feedsOf(tensors));
    expectSampled(y, expected.y, 1e-5, 'y');
  });
}

describe.each(kinds)('%s', (kind) => {
  test('the gradient, against differences', async () => {
    await checkGradient(training(kind), tensorsFor(kind, [3, 2, 2, 2]));
  });

  test('one time step', async () => {
    const [x, weight, { data, shape }, ...biases] = tensorsFor(kind, [1, 2, 2, 2]);
    // Nothing comes back from the step before the first, so the recurrent weights have no gradient.
    const recurrent = constant(data, shape);
    await checkGradient(
      (value, ...weights) => training(kind)(value, weights[0], recurrent, ...weights.slice(1)),
      [x, weight, ...biases],
    );
  });

  test('both directions, served in one operator as trained in two', async () => {
    const tensors = tensorsFor(kind, [7, 3, 4, 5]);
    const backward = tensors.slice(1).map(({ shape }, i) => hashedTensor(shape, 20 + i));
    const all = [...tensors, ...backward];
    const [x, ...weights] = inputValues(all);
    const halves = [weights.slice(0, backward.length), weights.slice(backward.length)];
    const trained = concat([training(kind)(x, ...halves[0]), training(kind, { reverse: true })(x, ...halves[1])], 2);
    const { served, wanted } = await runGraph({ served: inference(kind)(x, ...halves), wanted: trained }, feedsOf(all));
    expectClose(served, wanted, 1e-5, kind);
  });

  test('weights that do not fit are named', () => {
    const tensors = tensorsFor(kind);
    const values = inputValues(tensors);
    const wrong = values.with(2, input('wrong', 'float32', [3, 12]));
    expect(() => training(kind)(wrong[0], ...wrong.slice(1))).toThrow(`${kind}: recurrent weights [3, 12] do not fit`);
  });
});
