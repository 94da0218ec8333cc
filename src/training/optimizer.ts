import type { Value } from '../graph/value.ts';

export interface UpdateInputs {
  /** All parameters in one vector, and their gradient. */
  readonly parameters: Value;
  readonly gradient: Value;
  readonly slots: readonly Value[];
  readonly learningRate: Value;
  /** 1 where weight decay acts, otherwise 0. */
  readonly decayMask: Value;
  /** What is in the vectors, one after the other. */
  readonly layout: readonly ParameterLayout[];
}

/** A parameter's place among all. */
export interface ParameterLayout {
  readonly shape: readonly number[];
  readonly size: number;
  /** A matrix in the middle of the network: neither its first nor its last, nor a bank of filters of one channel each. */
  readonly hidden: boolean;
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
