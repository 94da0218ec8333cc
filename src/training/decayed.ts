import { multiply, subtract } from '../graph/elementwise.ts';
import type { Value } from '../graph/value.ts';
import type { UpdateInputs } from './optimizer.ts';

/** p · (1 − learningRate · weightDecay): decay beside the gradient (Loshchilov and Hutter 2019). */
export function decayed({ parameters, learningRate, decayMask }: UpdateInputs, weightDecay: number): Value {
  if (weightDecay === 0) return parameters;
  return multiply(parameters, subtract(1, multiply(decayMask, multiply(learningRate, weightDecay))));
}
