import { add, divide, multiply, sqrt, square, subtract } from '../graph/elementwise.ts';
import { input } from '../graph/value.ts';
import { decayed } from './decayed.ts';
import type { Optimizer } from './optimizer.ts';
import { regularized } from './regularized.ts';

export interface AdamConfig {
  readonly kind: 'adam' | 'adamw';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), which decays the weights beside the gradient. */
export function adam({ kind, beta1, beta2, epsilon, weightDecay }: AdamConfig): Optimizer {
  const firstScale = input('firstMomentScale', 'float32', []);
  const secondScale = input('secondMomentScale', 'float32', []);
  return {
    slots: 2,
    scalars: (step) => ({ firstMomentScale: 1 / (1 - beta1 ** step), secondMomentScale: 1 / (1 - beta2 ** step) }),
    update(inputs) {
      const { parameters, slots, learningRate } = inputs;
      const gradient = kind === 'adam' ? regularized(inputs, weightDecay) : inputs.gradient;
      const first = add(multiply(slots[0], beta1), multiply(gradient, 1 - beta1));
      const second = add(multiply(slots[1], beta2), multiply(square(gradient), 1 - beta2));
      const scaled = divide(
        multiply(first, multiply(learningRate, firstScale)),
        add(sqrt(multiply(second, secondScale)), epsilon),
      );
      const kept = kind === 'adamw' ? decayed(inputs, weightDecay) : parameters;
      return { parameters: subtract(kept, scaled), slots: [first, second] };
    },
  };
}
