import { concat, split } from '../graph/concat.ts';
import { matmul, matmulTransposed } from '../graph/dense.ts';
import { add, divide, multiply, subtract } from '../graph/elementwise.ts';
import { euclideanNorm } from '../graph/reduce.ts';
import { reshape } from '../graph/reshape.ts';
import { transpose } from '../graph/transpose.ts';
import type { Value } from '../graph/value.ts';
import { adam } from './adam.ts';
import { decayed } from './decayed.ts';
import type { Optimizer, ParameterLayout, Update, UpdateInputs } from './optimizer.ts';

export interface MuonConfig {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly iterations: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * Muon (Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"): the momentum of a hidden matrix is made
 * orthogonal before it moves the weights, so that rare directions move as far as common ones. Convolutions count as
 * matrices `[outputs, inputs · kernel]`. What is not a hidden matrix follows AdamW with the same learning rate, which the
 * scale 0.2 · √max(rows, columns) makes fit both (Liu et al. 2025, "Muon is scalable for LLM training").
 */
export function muon(config: MuonConfig): Optimizer {
  const rest = adam({ ...config, kind: 'adamw' });
  return {
    slots: 2,
    scalars: rest.scalars,
    update(inputs) {
      const runs = runsOf(inputs.layout);
      const parts = splitInputs(
        inputs,
        runs.map(({ size }) => size),
      );
      const updates = runs.map((run, i) =>
        run.hidden ? moveMatrix(config, run.shape, parts[i]) : rest.update(parts[i]),
      );
      const joined = (pick: (update: Update) => Value) => concat(updates.map(pick), 0);
      return {
        parameters: joined(({ parameters }) => parameters),
        slots: [joined(({ slots }) => slots[0]), joined(({ slots }) => slots[1])],
      };
    },
  };
}

/** Hidden matrices one by one, and neighbours among the others as one run. */
function runsOf(layout: readonly ParameterLayout[]): readonly ParameterLayout[] {
  const runs: ParameterLayout[] = [];
  for (const parameter of layout) {
    const last = runs.at(-1);
    if (last === undefined || last.hidden || parameter.hidden) runs.push(parameter);
    else runs[runs.length - 1] = { hidden: false, shape: [], size: last.size + parameter.size };
  }
  return runs;
}

function splitInputs({ slots, ...inputs }: UpdateInputs, sizes: readonly number[]): readonly UpdateInputs[] {
  const cut = (vector: Value) => split(vector, sizes, 0);
  const [parameters, gradient, decayMask] = [inputs.parameters, inputs.gradient, inputs.decayMask].map(cut);
  const cutSlots = slots.map(cut);
  return sizes.map((_, i) => ({
    ...inputs,
    parameters: parameters[i],
    gradient: gradient[i],
    decayMask: decayMask[i],
    slots: cutSlots.map((parts) => parts[i]),
  }));
}

function moveMatrix(config: MuonConfig, shape: readonly number[], inputs: UpdateInputs): Update {
  const { gradient, slots, learningRate } = inputs;
  const momentum = add(multiply(slots[0], config.momentum), gradient);
  const direction = config.nesterov ? add(gradient, multiply(momentum, config.momentum)) : momentum;
  const rows = shape[0];
  const columns = shape.slice(1).reduce((product, size) => product * size, 1);
  const orthogonal = orthogonalized(reshape(direction, [rows, columns]), config.iterations);
  const scale = 0.2 * Math.sqrt(Math.max(rows, columns));
  const move = multiply(reshape(orthogonal, [-1]), multiply(learningRate, scale));
  return { parameters: subtract(decayed(inputs, config.weightDecay), move), slots: [momentum, slots[1]] };
}

/** Jordan's polynomial: steepest at 0, so that small singular values come near 1 in five iterations, if not exactly. */
const [first, third, fifth] = [3.4445, -4.775, 2.0315];

/** About U·Vᵀ of the matrix U·S·Vᵀ, by Newton–Schulz iterations: `[rows, columns]` → `[rows, columns]`. */
function orthogonalized(matrix: Value, iterations: number): Value {
  const [rows, columns] = matrix.shape as readonly number[];
  if (rows > columns) return transpose(orthogonalized(transpose(matrix, [1, 0]), iterations), [1, 0]);
  let x = divide(matrix, add(euclideanNorm(matrix), 1e-7));
  for (let i = 0; i < iterations; i++) {
    const gram = matmulTransposed(x, x);
    const polynomial = add(multiply(gram, third), multiply(matmul(gram, gram), fifth));
    x = add(multiply(x, first), matmul(polynomial, x));
  }
  return x;
}
