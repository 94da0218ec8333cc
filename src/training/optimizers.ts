import { z } from 'zod';
import { add, divide, multiply, sqrt, square, subtract } from '../graph/elementwise.ts';
import { adam } from './adam.ts';
import { muon } from './muon.ts';
import type { Optimizer } from './optimizer.ts';
import { regularized } from './regularized.ts';

const decay = z.number().min(0).default(0);
const beta = z.number().min(0).lt(1);

/** How weights move; the names and defaults are PyTorch's (weightDecay of muon is AdamW's). */
export const optimizerConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: beta.default(0),
    nesterov: z.boolean().default(false),
    weightDecay: decay,
  }),
  z.strictObject({
    kind: z.literal('rmsprop'),
    alpha: beta.default(0.99),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: decay,
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: decay,
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).default(0.01),
  }),
  z.strictObject({
    kind: z.literal('muon'),
    momentum: beta.default(0.95),
    nesterov: z.boolean().default(true),
    /** Newton–Schulz iterations. */
    iterations: z.int().min(1).max(20).default(5),
    /** AdamW's, which moves what is not a hidden matrix. */
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).default(0.01),
  }),
]);
export type OptimizerConfig = z.output<typeof optimizerConfig>;
export type OptimizerInput = z.input<typeof optimizerConfig>;

/** The optimiser for a configuration. */
export function createOptimizer(config: OptimizerConfig): Optimizer {
  if (config.kind === 'sgd') return sgd(config);
  if (config.kind === 'rmsprop') return rmsprop(config);
  if (config.kind === 'muon') return muon(config);
  return adam(config);
}

type Config<Kind> = Extract<OptimizerConfig, { kind: Kind }>;

function sgd({ momentum, nesterov, weightDecay }: Config<'sgd'>): Optimizer {
  return {
    slots: momentum === 0 ? 0 : 1,
    scalars: () => ({}),
    update(inputs) {
      const gradient = regularized(inputs, weightDecay);
      const { parameters, slots, learningRate } = inputs;
      if (momentum === 0) return { parameters: subtract(parameters, multiply(gradient, learningRate)), slots: [] };
      const velocity = add(multiply(slots[0], momentum), gradient);
      const direction = nesterov ? add(gradient, multiply(velocity, momentum)) : velocity;
      return { parameters: subtract(parameters, multiply(direction, learningRate)), slots: [velocity] };
    },
  };
}

function rmsprop({ alpha, epsilon, weightDecay }: Config<'rmsprop'>): Optimizer {
  return {
    slots: 1,
    scalars: () => ({}),
    update(inputs) {
      const gradient = regularized(inputs, weightDecay);
      const { parameters, slots, learningRate } = inputs;
      const average = add(multiply(slots[0], alpha), multiply(square(gradient), 1 - alpha));
      const direction = divide(gradient, add(sqrt(average), epsilon));
      return { parameters: subtract(parameters, multiply(direction, learningRate)), slots: [average] };
    },
  };
}
