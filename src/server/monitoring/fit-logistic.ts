import { sigmoid } from '../../models/confidence.ts';

/** Something of which a share was observed, and what may explain it. */
export interface LogisticRow {
  readonly inputs: readonly number[];
  readonly share: number;
  /** How often it was observed. */
  readonly weight: number;
}

/** Keeps weights small where data do not speak. */
const RIDGE = 1;
const ITERATIONS = 25;

/** The share that is expected of a row. */
export function logisticRate(weights: readonly number[], { inputs }: Pick<LogisticRow, 'inputs'>): number {
  return sigmoid(inputs.reduce((sum, input, i) => sum + input * weights[i], 0));
}

/**
 * The likeliest weights of a logistic regression on `size` inputs: Newton's method on the likelihood with a small ridge (McCullagh and
 * Nelder 1989, section 2.5); steps that overshoot are halved.
 */
export function fitLogistic(rows: readonly LogisticRow[], size: number): number[] {
  let weights = Array.from({ length: size }, () => 0);
  let best = lossOf(weights, rows);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = newtonStep(weights, rows);
    let [scale, next, loss] = [1, weights, Infinity];
    for (; loss > best && scale > 1e-6; scale /= 2) {
      next = weights.map((weight, i) => weight + scale * step[i]);
      loss = lossOf(next, rows);
    }
    if (loss > best) break;
    [weights, best] = [next, loss];
  }
  return weights;
}

function lossOf(weights: readonly number[], rows: readonly LogisticRow[]): number {
  return rows.reduce(
    (sum, row) => {
      const z = row.inputs.reduce((total, input, i) => total + input * weights[i], 0);
      // ln(1 + e^z) without overflow.
      return sum + row.weight * (Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))) - row.share * z);
    },
    weights.reduce((sum, weight) => sum + (RIDGE / 2) * weight * weight, 0),
  );
}

function newtonStep(weights: readonly number[], rows: readonly LogisticRow[]): number[] {
  const matrix = weights.map((_, i) => weights.map((_, j) => (i === j ? RIDGE : 0)));
  const gradient = weights.map((weight) => -RIDGE * weight);
  for (const row of rows) {
    const rate = logisticRate(weights, row);
    const curvature = row.weight * Math.max(1e-6, rate * (1 - rate));
    row.inputs.forEach((input, i) => {
      gradient[i] += row.weight * (row.share - rate) * input;
      row.inputs.forEach((other, j) => (matrix[i][j] += curvature * input * other));
    });
  }
  return solve(matrix, gradient);
}

/** Gaussian elimination with pivots; changes its arguments. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) pivot = row;
    }
    [matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]];
    [right[column], right[pivot]] = [right[pivot], right[column]];
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row][column] / matrix[column][column];
      for (let k = column; k < size; k++) matrix[row][k] -= factor * matrix[column][k];
      right[row] -= factor * right[column];
    }
  }
  const solution = Array.from({ length: size }, () => 0);
  for (let row = size - 1; row >= 0; row--) {
    let value = right[row];
    for (let k = row + 1; k < size; k++) value -= matrix[row][k] * solution[k];
    solution[row] = value / matrix[row][row];
  }
  return solution;
}
