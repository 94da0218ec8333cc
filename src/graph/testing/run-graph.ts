import { Session } from '../../runtime/session.ts';
import type { Tensor } from '../../runtime/tensor.ts';
import { multiply } from '../elementwise.ts';
import { gradients } from '../gradients.ts';
import { sum } from '../reduce.ts';
import type { Target } from '../target.ts';
import { toOnnx } from '../to-onnx.ts';
import { constant, input, type ElementType, type Value } from '../value.ts';
import { hashedValues, sizeOf } from './hashed-values.ts';
import { plainTarget } from './test-targets.ts';

/** Computes the named values once, on one thread. */
export async function runGraph(
  outputs: Readonly<Record<string, Value>>,
  inputs: Readonly<Record<string, Tensor>>,
  target: Target = plainTarget,
): Promise<Record<string, Tensor>> {
  const session = await Session.load(toOnnx(outputs, { target }), { threads: 1 });
  try {
    return await session.run(inputs);
  } finally {
    await session.close();
  }
}

/** The c of Σ c · y, whose gradients tests look at. */
export function lossCoefficients(y: Value): Float32Array {
  return hashedValues(sizeOf(y.shape as number[]), 99);
}

/** f of the inputs as `y`, and the gradients of Σ c · y for the float32 inputs as `d0`, `d1`, … */
export async function runWithGradients(
  f: (...values: Value[]) => Value,
  inputs: readonly Tensor[],
  target: Target,
): Promise<Record<string, Tensor>> {
  const values = inputValues(inputs);
  const y = f(...values);
  const loss = sum(multiply(y, constant(lossCoefficients(y), y.shape as number[])));
  const differentiable = values.filter(({ type }) => type === 'float32');
  const outputs: Record<string, Value> = { y };
  gradients(loss, differentiable).forEach((slope, k) => (outputs[`d${values.indexOf(differentiable[k])}`] = slope));
  return runGraph(outputs, feedsOf(inputs), target);
}

/** The inputs `x0`, `x1`, … of a graph for such tensors, and the tensors by these names. */
export function inputValues(tensors: readonly Tensor[]): Value[] {
  return tensors.map(({ data, shape }, i) => input(`x${i}`, typeOf(data), shape));
}

export function feedsOf(tensors: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(tensors.map((tensor, i) => [`x${i}`, tensor]));
}

function typeOf(data: Tensor['data']): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Uint8Array ? 'uint8' : 'int64';
}
