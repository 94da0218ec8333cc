import { dense, gemm } from './dense.ts';
import { multiply, square, subtract } from './elementwise.ts';
import { concat } from './concat.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { constant, formatShape, operation, requireRank, shapeError, staticShape, type Value } from './value.ts';

/** The weights of one direction of a recurrent layer; all gates side by side, in the order that ONNX has them in. */
export interface RecurrentWeights {
  /** `[inputs, gates · units]` */
  readonly input: Value;
  /** `[units, gates · units]` */
  readonly recurrent: Value;
  /** `[gates · units]` */
  readonly bias: Value;
}

export interface RecurrenceOptions {
  /** From the last time to the first. */
  readonly reverse?: boolean;
}

/** x `[time, batch, inputs]` · W + b, for all times at once: the recurrence itself needs only h · R. */
export function projectInputs(x: Value, { input, bias }: RecurrentWeights): Value {
  const [time, batch, inputs] = staticShape('recurrence', x);
  return reshape(dense(reshape(x, [time * batch, inputs]), input, bias), [time, batch, -1]);
}

/** `[time, batch, units]` as it was one step before: zeros first. */
export function stepBefore(sequence: Value, { reverse = false }: RecurrenceOptions): Value {
  return pad(sequence, [{ axis: 0, before: reverse ? -1 : 1, after: reverse ? 1 : -1 }]);
}

/** The gradient of the recurrent matrix: Σ hᵀ(one step before) · dGates, as one product. */
export function recurrentGradient(hidden: Value, dGates: Value, options: RecurrenceOptions): Value {
  const rows = (value: Value) => reshape(value, [-1, value.shape[2]]);
  return gemm(rows(stepBefore(hidden, options)), rows(dGates), true, false);
}

/** y · (1 − y), the slope of the sigmoid where its value is y. */
export function sigmoidSlope(y: Value): Value {
  return multiply(y, subtract(1, y));
}

/** 1 − y², the slope of the hyperbolic tangent where its value is y. */
export function tanhSlope(y: Value): Value {
  return subtract(1, square(y));
}

/** A block of zeros, to begin with. */
export function zeroState(batch: number, units: number): Value {
  return constant(new Float32Array(batch * units), [batch, units]);
}

/** `[time, batch, units]` of what `projectInputs` gave; an error when the recurrent matrix does not fit. */
export function requireProjected(
  operator: string,
  projected: Value,
  recurrent: Value,
  gates: number,
): readonly [number, number, number] {
  requireRank(operator, projected, 3, `[time, batch, ${gates} · units]`);
  const [time, batch, columns] = staticShape(operator, projected);
  const units = columns / gates;
  if (formatShape(recurrent.shape) !== formatShape([units, columns])) {
    throw shapeError(
      operator,
      `recurrent weights ${formatShape(recurrent.shape)} do not fit projected inputs ${formatShape(projected.shape)}; they are [units, ${gates} · units]`,
    );
  }
  return [time, batch, units];
}

/**
 * ONNX's LSTM or GRU over x `[time, batch, inputs]`, forward or, with two sets of weights, in both directions side by side:
 * `[time, batch, directions · units]`. `biases` are those of each direction as ONNX wants them, `[2 · gates · units]`.
 */
export function recurrentOperator(
  name: 'LSTM' | 'GRU',
  x: Value,
  weights: readonly RecurrentWeights[],
  biases: readonly Value[],
  attributes: Readonly<Record<string, number>> = {},
): Value {
  requireRank(name, x, 3, '[time, batch, inputs]');
  const [time, batch] = x.shape;
  const directions = weights.length;
  const units = staticShape(name, weights[0].recurrent)[0];
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
    name,
    [x, ...inputs],
    { type: 'float32', shape: [time, directions, batch, units] },
    { attributes: { hidden_size: units, direction: directions === 1 ? 'forward' : 'bidirectional', ...attributes } },
  );
  return reshape(transpose(y, [0, 2, 1, 3]), [time, batch, directions * units]);
}
