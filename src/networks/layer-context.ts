import type { Random } from '../random/random.ts';
import type { ConvOptions } from '../graph/conv.ts';
import type { Value } from '../graph/value.ts';

/** Fills a parameter before training. */
export type Initializer = (target: Float32Array, random: Random) => void;

export interface ParameterOptions {
  /** Whether weight decay acts on it; biases and normalisations are spared. Default true. */
  readonly decay?: boolean;
}

/**
 * What a network is built in. In training its parameters are inputs of the graph, batch normalisation uses the batch and
 * dropout drops; in serving the learned weights are constants, batch normalisation is folded away and dropout is nothing.
 */
export interface LayerContext {
  readonly training: boolean;
  /** The parameter of that name; names are unique in a network. */
  parameter(name: string, shape: readonly number[], initializer: Initializer, options?: ParameterOptions): Value;
  /** A statistic that training updates without gradient, e.g. a running mean; `update` is this batch's value for it. */
  statistic(name: string, size: number, initial: number, update: (() => Value) | undefined): Value;
  /**
   * A convolution with its normalisation, weight of that `shape`, where the context has both in one; elsewhere `convNormLayer` makes
   * them of parameters and statistics.
   */
  normalizedConv?(name: string, x: Value, shape: readonly number[], options: ConvOptions): Value;
  /** A mask of ones and zeros with a new draw for each step; only in training. */
  keepMask(shape: readonly number[], rate: number): { readonly mask: Value; readonly keptShare: number };
}
