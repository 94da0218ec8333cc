import { Session, type Tensor } from '../../runtime/session.ts';
import type { Target } from '../target.ts';
import { toOnnx } from '../to-onnx.ts';
import type { Value } from '../value.ts';
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
