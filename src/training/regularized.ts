import { add, multiply } from '../graph/elementwise.ts';
import type { Value } from '../graph/value.ts';
import type { UpdateInputs } from './optimizer.ts';

/** g + weightDecay · p: L2 regularisation, as PyTorch's optimisers do except AdamW. */
export function regularized({ gradient, parameters, decayMask }: UpdateInputs, weightDecay: number): Value {
  return weightDecay === 0 ? gradient : add(gradient, multiply(parameters, multiply(decayMask, weightDecay)));
}
