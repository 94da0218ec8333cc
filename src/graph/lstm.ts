import { sigmoid, tanh } from './activation.ts';
import { gemm } from './dense.ts';
import { add, multiply } from './elementwise.ts';
import {
  projectInputs,
  recurrentGradient,
  recurrentOperator,
  requireProjected,
  sigmoidSlope,
  stepBefore,
  tanhSlope,
  zeroState,
  type RecurrenceOptions,
  type RecurrentWeights,
} from './recurrence.ts';
import { scan } from './scan.ts';
import { concat, split } from './concat.ts';
import { zeros } from './expand.ts';
import { operation, type Value } from './value.ts';

/**
 * A long short-term memory that can be trained (Hochreiter and Schmidhuber 1997, with forget gates): x
 * `[time, batch, inputs]` → `[time, batch, units]`, beginning with zeros; gates input, output, forget, cell.
 */
export function lstmTraining(x: Value, weights: RecurrentWeights, options: RecurrenceOptions = {}): Value {
  return lstmRecurrence(projectInputs(x, weights), weights.recurrent, options);
}

/** The same with learned weights, as ONNX's LSTM; two sets of weights are the forward and the backward direction. */
export function lstmInference(x: Value, weights: readonly RecurrentWeights[]): Value {
  const biases = weights.map(({ bias }) => concat([bias, zeros(bias.shape)], 0));
  return recurrentOperator('LSTM', x, weights, biases);
}

/** The recurrence over projected inputs `[time, batch, gates · units]`, a Scan with a gradient that is one, too. */
function lstmRecurrence(projected: Value, recurrent: Value, options: RecurrenceOptions): Value {
  const [, batch, units] = requireProjected('lstm', projected, recurrent, 4);
  const zero = zeroState(batch, units);
  const [hidden, squashed, candidate, cells, squashedCells] = scan(
    [zero, zero],
    [projected],
    ([previous, cell], [inputs]) => {
      const [gates, raw] = split(add(gemm(previous, recurrent, false, false), inputs), [3 * units, units], 1);
      const open = sigmoid(gates);
      const [input, output, forget] = split(open, [units, units, units], 1);
      const wanted = tanh(raw);
      const nextCell = add(multiply(forget, cell), multiply(input, wanted));
      const level = tanh(nextCell);
      const next = multiply(output, level);
      return { states: [next, nextCell], outputs: [next, open, wanted, nextCell, level] };
    },
    options,
  ).outputs;

  const gradient = (dy: Value): readonly Value[] => {
    const [input, output, forget] = split(squashed, [units, units, units], 2);
    const before = stepBefore(cells, options);
    const sensitivity = concat(
      [
        multiply(candidate, sigmoidSlope(input)),
        multiply(squashedCells, sigmoidSlope(output)),
        multiply(before, sigmoidSlope(forget)),
        multiply(input, tanhSlope(candidate)),
      ],
      2,
    );
    const [dProjected] = scan(
      [zero, zero],
      [dy, multiply(output, tanhSlope(squashedCells)), forget, sensitivity],
      ([fromLater, cellFromLater], [dHidden, toCell, kept, slopes]) => {
        const dh = add(dHidden, fromLater);
        const dc = add(multiply(dh, toCell), cellFromLater);
        const dGates = multiply(concat([dc, dh, dc, dc], 1), slopes);
        return { states: [gemm(dGates, recurrent, false, true), multiply(dc, kept)], outputs: [dGates] };
      },
      { reverse: !options.reverse },
    ).outputs;
    return [dProjected, recurrentGradient(hidden, dProjected, options)];
  };
  return operation(
    'LstmRecurrence',
    [projected, recurrent],
    { type: hidden.type, shape: hidden.shape },
    { lower: () => [hidden], gradient: ([dy]) => (dy ? gradient(dy) : []) },
  );
}
