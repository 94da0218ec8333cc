import { sigmoid, tanh } from './activation.ts';
import { gemm } from './dense.ts';
import { add, multiply, subtract } from './elementwise.ts';
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
import { sum } from './reduce.ts';
import { scan } from './scan.ts';
import { concat, split } from './concat.ts';
import { zeros } from './expand.ts';
import { slice } from './slice.ts';
import { formatShape, operation, shapeError, type Value } from './value.ts';

export interface GruWeights extends RecurrentWeights {
  /** `[units]`: added to h · R of the hidden part, before the reset gate acts on it. */
  readonly hiddenBias: Value;
}

/**
 * A gated recurrent unit that can be trained (Cho et al. 2014): x `[time, batch, inputs]` → `[time, batch, units]`, beginning
 * with zeros; gates update, reset, hidden. As in PyTorch and cuDNN, the reset gate acts after the recurrent product.
 */
export function gruTraining(x: Value, weights: GruWeights, options: RecurrenceOptions = {}): Value {
  return gruRecurrence(projectInputs(x, weights), weights.recurrent, weights.hiddenBias, options);
}

/** The same with learned weights, as ONNX's GRU; two sets of weights are the forward and the backward direction. */
export function gruInference(x: Value, weights: readonly GruWeights[]): Value {
  const biases = weights.map(({ bias, hiddenBias }) => {
    const units = hiddenBias.shape[0] as number;
    return concat([bias, zeros([2 * units]), hiddenBias], 0);
  });
  return recurrentOperator('GRU', x, weights, biases, { linear_before_reset: 1 });
}

/** The recurrence over projected inputs `[time, batch, gates · units]`, a Scan with a gradient that is one, too. */
function gruRecurrence(projected: Value, recurrent: Value, hiddenBias: Value, options: RecurrenceOptions): Value {
  const [, batch, units] = requireProjected('gru', projected, recurrent, 3);
  if (hiddenBias.shape.length !== 1 || hiddenBias.shape[0] !== units)
    throw shapeError('gru', `hidden bias ${formatShape(hiddenBias.shape)} does not fit ${units} units`);
  const zero = zeroState(batch, units);
  const [hidden, open, product, candidate] = scan(
    [zero],
    split(projected, [2 * units, units], 2),
    ([previous], [inputs, hiddenInput]) => {
      const [gates, raw] = split(gemm(previous, recurrent, false, false), [2 * units, units], 1);
      const squashed = sigmoid(add(gates, inputs));
      const [update, reset] = split(squashed, [units, units], 1);
      const biased = add(raw, hiddenBias);
      const wanted = tanh(add(hiddenInput, multiply(reset, biased)));
      const next = add(wanted, multiply(update, subtract(previous, wanted)));
      return { states: [next], outputs: [next, squashed, biased, wanted] };
    },
    options,
  ).outputs;

  const gradient = (dy: Value): readonly Value[] => {
    const [update, reset] = split(open, [units, units], 2);
    const before = stepBefore(hidden, options);
    const toCandidate = multiply(subtract(1, update), tanhSlope(candidate));
    const toUpdate = multiply(subtract(before, candidate), sigmoidSlope(update));
    const toReset = multiply(multiply(toCandidate, product), sigmoidSlope(reset));
    const sensitivity = concat([toUpdate, toReset, multiply(toCandidate, reset)], 2);
    const [dProduct, dHidden] = scan(
      [zero],
      [dy, update, sensitivity],
      ([fromLater], [fromOutput, kept, slopes]) => {
        const dh = add(fromOutput, fromLater);
        const dGates = multiply(concat([dh, dh, dh], 1), slopes);
        return { states: [add(gemm(dGates, recurrent, false, true), multiply(dh, kept))], outputs: [dGates, dh] };
      },
      { reverse: !options.reverse },
    ).outputs;
    const dGates = slice(dProduct, [{ axis: 2, start: 0, end: 2 * units }]);
    const dProjected = concat([dGates, multiply(dHidden, toCandidate)], 2);
    const dHiddenBias = sum(slice(dProduct, [{ axis: 2, start: 2 * units }]), [0, 1]);
    return [dProjected, recurrentGradient(hidden, dProduct, options), dHiddenBias];
  };
  return operation(
    'GruRecurrence',
    [projected, recurrent, hiddenBias],
    { type: hidden.type, shape: hidden.shape },
    { lower: () => [hidden], gradient: ([dy]) => (dy ? gradient(dy) : []) },
  );
}
