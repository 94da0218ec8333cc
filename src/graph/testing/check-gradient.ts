import { expect } from 'vitest';
import { Session } from '../../runtime/session.ts';
import type { Tensor } from '../../runtime/tensor.ts';
import { toOnnx } from '../to-onnx.ts';
import type { Value } from '../value.ts';
import { hashedValues } from './hashed-values.ts';
import { feedsOf, inputValues, lossCoefficients, runWithGradients } from './run-graph.ts';
import { plainTarget, testTargets } from './test-targets.ts';

export interface GradientCheckOptions {
  /** How far each element moves; float32 rounding grows with 1 / step, the curvature's error with step². */
  readonly step?: number;
  /** Largest error of a derivative, as a share of the largest derivative. */
  readonly tolerance?: number;
}

type Build = (...values: Value[]) => Value;

/** More elements than these are moved together, in random directions, instead of one by one. */
const fewElements = 40;
const directionCount = 8;

/**
 * Compares `gradients` of Σ c · f(x…), with fixed random c, for every float32 input with central differences, and all
 * targets' results with each other element by element. Inputs of other types are not differentiated.
 */
export async function checkGradient(
  build: Build,
  inputs: readonly Tensor[],
  { step = 2 ** -7, tolerance = 1e-3 }: GradientCheckOptions = {},
): Promise<void> {
  const plain = await runWithGradients(build, inputs, plainTarget);
  for (const [name, target] of await testTargets()) {
    if (target === plainTarget) continue;
    const results = await runWithGradients(build, inputs, target);
    for (const key of Object.keys(plain)) expectClose(results[key], plain[key], 1e-4, `${name}: ${key}`);
  }
  const lossAlong = await lossFunction(build, inputs);
  for (const [i, { data, shape }] of inputs.entries()) {
    if (!(data instanceof Float32Array)) continue;
    expect(plain[`d${i}`].shape, `shape of the gradient of input ${i}`).toEqual(shape);
    const gradient = plain[`d${i}`].data as Float32Array;
    const scale = largest(gradient);
    expect(scale, `gradient of input ${i} is not all 0`).toBeGreaterThan(0);
    for (const direction of directions(gradient.length)) {
      const slope = dot(gradient, direction);
      const difference = ((await lossAlong(i, direction, step)) - (await lossAlong(i, direction, -step))) / (2 * step);
      const limit = tolerance * scale * Math.sqrt(dot(direction, direction));
      const what = `input ${i}: gradient ${slope}, difference ${difference}`;
      expect(Math.abs(slope - difference), what).toBeLessThanOrEqual(limit);
    }
  }
  await lossAlong.close();
}

interface LossFunction {
  /** Σ c · f with input `moved` displaced by `distance` · direction, added up in float64. */
  (moved: number, direction: Float32Array, distance: number): Promise<number>;
  close(): Promise<void>;
}

async function lossFunction(build: Build, inputs: readonly Tensor[]): Promise<LossFunction> {
  const y = build(...inputValues(inputs));
  const coefficients = lossCoefficients(y);
  const session = await Session.load(toOnnx({ y }, { target: plainTarget }), { threads: 1 });
  const loss = async (moved: number, direction: Float32Array, distance: number) => {
    const { data, shape } = inputs[moved];
    const displaced = (data as Float32Array).map((value, k) => value + distance * direction[k]);
    const results = await session.run(feedsOf(inputs.with(moved, { data: displaced, shape })));
    return dot(results.y.data as Float32Array, coefficients);
  };
  return Object.assign(loss, { close: () => session.close() });
}

/** Every axis of a small space, otherwise a few diagonals. */
function directions(size: number): Float32Array[] {
  if (size <= fewElements) return Array.from({ length: size }, (_, i) => new Float32Array(size).fill(1, i, i + 1));
  return Array.from({ length: directionCount }, (_, seed) => hashedValues(size, 1000 + seed).map(Math.sign));
}

/** Fails unless both have the same shape and differ by at most `tolerance` × the largest number of `expected`. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape);
  const limit = tolerance * Math.max(1e-3, largest(expected.data as Float32Array));
  const errors = (actual.data as Float32Array).map((value, i) => Math.abs(value - (expected.data[i] as number)));
  expect(largest(errors), what).toBeLessThanOrEqual(limit);
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
