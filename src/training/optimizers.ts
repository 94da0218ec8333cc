import { z } from 'zod';
import { add, divide, multiply, sqrt, square, subtract } from '../graph/elementwise.ts';
import { input, type Value } from '../graph/value.ts';

const decay = z.number().min(0).default(0);
const beta = z.number().min(0).lt(1);

/** How weights move; the names and defaults are PyTorch's. */
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
]);
export type OptimizerConfig = z.output<typeof optimizerConfig>;
export type OptimizerInput = z.input<typeof optimizerConfig>;

export interface UpdateInputs {
  /** All parameters in one vector, and their gradient. */
  readonly parameters: Value;
  readonly gradient: Value;
  readonly slots: readonly Value[];
  readonly learningRate: Value;
  /** 1 where weight decay acts, else 0. */
  readonly decayMask: Value;
}

export interface Update {
  readonly parameters: Value;
  readonly slots: readonly Value[];
}

/** An optimiser as graph: vectors of the parameters' size in, vectors out. */
export interface Optimizer {
  /** Vectors that it remembers, e.g. momentum. */
  readonly slots: number;
  update(inputs: UpdateInputs): Update;
  /** Scalars that depend on the step, counted from 1, by the names of the graph's inputs. */
  scalars(step: number): Readonly<Record<string, number>>;
}

/** The optimiser for a configuration. */
export function createOptimizer(config: OptimizerConfig): Optimizer {
  if (config.kind === 'sgd') return sgd(config);
  if (config.kind === 'rmsprop') return rmsprop(config);
  return adam(config);
}

type Config<Kind> = Extract<OptimizerConfig, { kind: Kind }>;

/** g + weightDecay · p: L2 regularisation, as PyTorch's optimisers do except AdamW. */
function regularized({ gradient, parameters, decayMask }: UpdateInputs, weightDecay: number): Value {
  return weightDecay === 0 ? gradient : add(gradient, multiply(parameters, multiply(decayMask, weightDecay)));
}

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

/** Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), which decays the weights beside the gradient. */
function adam({ kind, beta1, beta2, epsilon, weightDecay }: Config<'adam' | 'adamw'>): Optimizer {
  const firstScale = input('firstMomentScale', 'float32', []);
  const secondScale = input('secondMomentScale', 'float32', []);
  return {
    slots: 2,
    scalars: (step) => ({ firstMomentScale: 1 / (1 - beta1 ** step), secondMomentScale: 1 / (1 - beta2 ** step) }),
    update(inputs) {
      const { parameters, slots, learningRate, decayMask } = inputs;
      const gradient = kind === 'adam' ? regularized(inputs, weightDecay) : inputs.gradient;
      const first = add(multiply(slots[0], beta1), multiply(gradient, 1 - beta1));
      const second = add(multiply(slots[1], beta2), multiply(square(gradient), 1 - beta2));
      const scaled = divide(
        multiply(first, multiply(learningRate, firstScale)),
        add(sqrt(multiply(second, secondScale)), epsilon),
      );
      const shrink = subtract(1, multiply(decayMask, multiply(learningRate, weightDecay)));
      const kept = kind === 'adamw' && weightDecay > 0 ? multiply(parameters, shrink) : parameters;
      return { parameters: subtract(kept, scaled), slots: [first, second] };
    },
  };
}
