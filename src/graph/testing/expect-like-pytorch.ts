import type { Tensor } from '../../runtime/tensor.ts';
import type { Value } from '../value.ts';
import { expectSampled, type OperatorResults } from './fixture.ts';
import { runWithGradients } from './run-graph.ts';
import { testTargets } from './test-targets.ts';

/** Compares the result of an operator and its gradients on every target with PyTorch's, to 10⁻⁵ of the largest. */
export async function expectLikePyTorch(
  build: (...values: Value[]) => Value,
  inputs: readonly Tensor[],
  { y, gradients }: OperatorResults,
): Promise<void> {
  for (const [name, target] of await testTargets()) {
    const results = await runWithGradients(build, inputs, target);
    expectSampled(results.y, y, 1e-5, `${name}: y`);
    gradients.forEach((slope, i) => expectSampled(results[`d${i}`], slope, 1e-5, `${name}: gradient of input ${i}`));
  }
}
