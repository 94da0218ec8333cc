import { sigmoid, tanh } from './activation.ts';
import { concat, split } from './concat.ts';
import { dense, gemm } from './dense.ts';
import { add, multiply, square, subtract } from './elementwise.ts';
import { zeros } from './expand.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { scan } from './scan.ts';
import { transpose } from './transpose.ts';
import { constant, formatShape, operation, requireRank, shapeError, staticShape, type Value } from './value.ts';

/** The weights of one direction; all gates side by side, in ONNX's order: input, output, forget, cell. */
export interface LstmWeights {
  /** `[inputs, 4 · units]` */
  readonly input: Value;
  /** `[units, 4 · units]` */
  readonly recurrent: Value;
  /** `[4 · units]` */
  readonly bias: Value;
}

export interface LstmOptions {
  /** From the last time to the first. */
  readonly reverse?: boolean;
}

/**
 * A long short-term memory that can be trained (Hochreiter and Schmidhuber 1997, with forget gates): x
 * `[time, batch, inputs]` → `[time, batch, units]`, beginning with zeros; gates input, output, forget, cell.
 */
export function lstmTraining(x: Value, weights: LstmWeights, options: LstmOptions = {}): Value {
  return lstmRecurrence(projectInputs(x, weights), weights.recurrent, options);
}

/** The same with learned weights, as ONNX's LSTM; two sets of weights are the forward and the backward direction. */
export function lstmInference(x: Value, weights: readonly LstmWeights[]): Value {
  const biases = weights.map(({ bias }) => concat([bias, zeros(bias.shape)], 0));
  return lstmOperator(x, weights, biases);
}

/** The recurrence over projected inputs `[time, batch, gates · units]`, a Scan with a gradient that is one, too. */
function lstmRecurrence(projected: Value, recurrent: Value, options: LstmOptions): Value {
  const [, batch, units] = requireProjected(projected, recurrent);
  const zero = constant(new Float32Array(batch * units), [batch, units]);
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

/** x `[time, batch, inputs]` · W + b, for all times at once: the recurrence itself needs only h · R. */
function projectInputs(x: Value, { input, bias }: LstmWeights): Value {
  const [time, batch, inputs] = staticShape('recurrence', x);
  return reshape(dense(reshape(x, [time * batch, inputs]), input, bias), [time, batch, -1]);
}

/** `[time, batch, units]` as it was one step before: zeros first. */
function stepBefore(sequence: Value, { reverse = false }: LstmOptions): Value {
  return pad(sequence, [{ axis: 0, before: reverse ? -1 : 1, after: reverse ? 1 : -1 }]);
}

/** The gradient of the recurrent matrix: Σ hᵀ(one step before) · dGates, as one product. */
function recurrentGradient(hidden: Value, dGates: Value, options: LstmOptions): Value {
  const rows = (value: Value) => reshape(value, [-1, value.shape[2]]);
  return gemm(rows(stepBefore(hidden, options)), rows(dGates), true, false);
}

/** y · (1 − y), the slope of the sigmoid where its value is y. */
function sigmoidSlope(y: Value): Value {
  return multiply(y, subtract(1, y));
}

/** 1 − y², the slope of the hyperbolic tangent where its value is y. */
function tanhSlope(y: Value): Value {
  return subtract(1, square(y));
}

/** `[time, batch, units]` of what `projectInputs` gave; an error when the recurrent matrix does not fit. */
function requireProjected(projected: Value, recurrent: Value): readonly [number, number, number] {
  requireRank('lstm', projected, 3, '[time, batch, 4 · units]');
  const [time, batch, columns] = staticShape('lstm', projected);
  const units = columns / 4;
  if (formatShape(recurrent.shape) !== formatShape([units, columns])) {
    throw shapeError(
      'lstm',
      `recurrent weights ${formatShape(recurrent.shape)} do not fit projected inputs ${formatShape(projected.shape)}; they are [units, 4 · units]`,
    );
  }
  return [time, batch, units];
}

/**
 * ONNX's LSTM over x `[time, batch, inputs]`, forward or, with two sets of weights, in both directions side by side:
 * `[time, batch, directions · units]`. `biases` are those of each direction as ONNX wants them, `[8 · units]`.
 */
function lstmOperator(x: Value, weights: readonly LstmWeights[], biases: readonly Value[]): Value {
  requireRank('LSTM', x, 3, '[time, batch, inputs]');
  const [time, batch] = x.shape;
  const directions = weights.length;
  const units = staticShape('LSTM', weights[0].recurrent)[0];
  const stacked = (values: readonly Value[]) =>
    concat(
      values.map((value) => reshape(value, [1, ...value.shape])),
      0,
    );
  const turned = (values: readonly Value[]) => stacked(values.map((value) => transpose(value, [1, 0])));
  const inputs = [
    turned(weights.map(({ input }) => input)),
    turned(weights.map(({ recurrent }) => recurrent)),
    stacked(biases),
  ];
  const y = operation(
    'LSTM',
    [x, ...inputs],
    { type: 'float32', shape: [time, directions, batch, units] },
    { attributes: { hidden_size: units, direction: directions === 1 ? 'forward' : 'bidirectional' } },
  );
  return reshape(transpose(y, [0, 2, 1, 3]), [time, batch, directions * units]);
}
