import { expect } from 'vitest';
import { Session, type Tensor } from '../../runtime/session.ts';
import { multiply } from '../elementwise.ts';
import { gradients } from '../gradients.ts';
import { sum } from '../reduce.ts';
import { toOnnx } from '../to-onnx.ts';
import { constant, input, type ElementType, type Value } from '../value.ts';
import { hashedValues, sizeOf } from './hashed-values.ts';
import { runGraph } from './run-graph.ts';
import { plainTarget, testTargets } from './test-targets.ts';

export interface GradientCheckOptions {
  /** How far each element moves; float32 rounding grows with 1 / step, the curvature's error with step². */
  readonly step?: number;
  /** Largest error of a derivative, as a share of the largest derivative. */
  readonly tolerance?: number;
}

/** More elements than these are moved together, in random directions, instead of one by one. */
const fewElements = 40;
const directionCount = 8;

/**
 * Compares `gradients` of Σ c · f(x…), with fixed random c, for every float32 input with central differences, and all
 * targets' results with each other element by element. Inputs of other types are not differentiated.
 */
export async function checkGradient(
  build: (...values: Value[]) => Value,
  inputs: readonly Tensor[],
  { step = 2 ** -7, tolerance = 1e-3 }: GradientCheckOptions = {},
): Promise<void> {
  const values = inputs.map(({ data, shape }, i) => input(`x${i}`, typeOf(data), shape));
  const y = build(...values);
  const coefficients = hashedValues(sizeOf(y.shape as number[]), 99);
  const loss = sum(multiply(y, constant(coefficients, y.shape as number[])));
  const moved = inputs.flatMap(({ data }, i) => (data instanceof Float32Array ? [i] : []));
  const slopes = gradients(
    loss,
    moved.map((i) => values[i]),
  );
  const outputs = Object.fromEntries([['y', y], ...slopes.map((slope, k) => [`d${moved[k]}`, slope] as const)]);
  const feeds = feedsOf(inputs);

  const plain = await runGraph(outputs, feeds, plainTarget);
  for (const [name, target] of await testTargets()) {
    if (target === plainTarget) continue;
    const results = await runGraph(outputs, feeds, target);
    for (const key of Object.keys(outputs)) expectClose(results[key], plain[key], 1e-4, `${name}: ${key}`);
  }
  await compareWithDifferences(y, inputs, coefficients, moved, plain, { step, tolerance });
}

async function compareWithDifferences(
  y: Value,
  inputs: readonly Tensor[],
  coefficients: Float32Array,
  moved: readonly number[],
  results: Readonly<Record<string, Tensor>>,
  { step, tolerance }: Required<GradientCheckOptions>,
): Promise<void> {
  const session = await Session.load(toOnnx({ y }, { target: plainTarget }), { threads: 1 });
  try {
    for (const i of moved) {
      const gradient = results[`d${i}`].data as Float32Array;
      expect(results[`d${i}`].shape, `shape of the gradient of input ${i}`).toEqual(inputs[i].shape);
      const scale = largest(gradient);
      expect(scale, `gradient of input ${i} is not all 0`).toBeGreaterThan(0);
      for (const direction of directions(gradient.length)) {
        const slope = dot(gradient, direction);
        const difference = await centralDifference(session, inputs, i, direction, coefficients, step);
        const reach = scale * Math.sqrt(dot(direction, direction));
        expect(
          Math.abs(slope - difference),
          `input ${i}: gradient ${slope}, difference ${difference}`,
        ).toBeLessThanOrEqual(tolerance * reach);
      }
    }
  } finally {
    await session.close();
  }
}

/** (L(x + step · direction) − L(x − step · direction)) / 2 step; L is added up in float64. */
async function centralDifference(
  session: Session,
  inputs: readonly Tensor[],
  moved: number,
  direction: Float32Array,
  coefficients: Float32Array,
  step: number,
): Promise<number> {
  const lossAt = async (distance: number) => {
    const data = (inputs[moved].data as Float32Array).map((value, k) => value + distance * direction[k]);
    const { y } = await session.run(feedsOf(inputs.with(moved, { data, shape: inputs[moved].shape })));
    return dot(y.data as Float32Array, coefficients);
  };
  return ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
}

/** Every axis of a small space, else a few diagonals. */
function directions(size: number): Float32Array[] {
  if (size <= fewElements) return Array.from({ length: size }, (_, i) => new Float32Array(size).fill(1, i, i + 1));
  return Array.from({ length: directionCount }, (_, seed) => hashedValues(size, 1000 + seed).map(Math.sign));
}

/** Fails unless both have the same shape and differ by at most `tolerance` × the largest number of `expected`. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape);
  const limit = tolerance * Math.max(1e-3, largest(expected.data as Float32Array));
  const error = (actual.data as Float32Array).reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - (expected.data[i] as number))),
    0,
  );
  expect(error, what).toBeLessThanOrEqual(limit);
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

function feedsOf(inputs: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor]));
}

function typeOf(data: Tensor['data']): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Uint8Array ? 'uint8' : 'int64';
}
