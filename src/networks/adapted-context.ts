import { conv2d, type ConvOptions } from '../graph/conv.ts';
import { add } from '../graph/elementwise.ts';
import { reshape } from '../graph/reshape.ts';
import { transpose } from '../graph/transpose.ts';
import { constant, type Value } from '../graph/value.ts';
import { TextRecognizerError } from '../errors.ts';
import type { WeightSource } from './folded-context.ts';
import { filled, heNormal } from './initializers.ts';
import type { Initializer, LayerContext } from './layer-context.ts';

/**
 * Builds a network that has learned, with what an adapter learns beside it as the parameters of `inner`: a difference of rank `rank` to the
 * weights of each convolution (Hu et al. 2021, "LoRA", https://arxiv.org/abs/2106.09685), in the form of two thin convolutions, and whole
 * differences to biases and to other parameters. The network's own weights stay as they are; all differences begin as nothing.
 */
export class AdaptedContext implements LayerContext {
  /** Batch normalisation is folded and nothing is dropped: what is trained is what is served. */
  readonly training = false;
  readonly #inner: LayerContext;
  readonly #source: WeightSource;
  readonly #rank: number;

  constructor(inner: LayerContext, source: WeightSource, rank: number) {
    this.#inner = inner;
    this.#source = source;
    this.#rank = rank;
  }

  parameter(name: string, shape: readonly number[], _initializer: Initializer): Value {
    return add(this.#known(name, shape), this.#difference(name, shape));
  }

  normalizedConv(name: string, x: Value, shape: readonly number[], options: ConvOptions): Value {
    const [outputs, ...patch] = shape;
    const bias = add(this.#known(`${name}.bias`, [outputs]), this.#difference(`${name}.bias`, [outputs]));
    const known = conv2d(x, this.#known(`${name}.weight`, shape), bias, options);
    const initializer = heNormal(patch.reduce((product, size) => product * size, 1));
    const down = this.#inner.parameter(`${name}.down`, [this.#rank, ...patch], initializer);
    const up = transpose(this.#inner.parameter(`${name}.up`, [this.#rank, outputs], filled(0)), [1, 0]);
    const pointwise = reshape(up, [outputs, this.#rank, 1, 1]);
    return add(known, conv2d(conv2d(x, down, undefined, options), pointwise));
  }

  statistic(name: string): never {
    throw new TextRecognizerError('INVALID_ARGUMENT', `A network with the statistic '${name}' cannot be adapted.`);
  }

  keepMask(): never {
    throw new TypeError('Nothing is dropped while adapting.');
  }

  #known(name: string, shape: readonly number[]): Value {
    return constant(this.#source(name, shape), shape);
  }

  #difference(name: string, shape: readonly number[]): Value {
    return this.#inner.parameter(name, shape, filled(0), { decay: shape.length > 1 });
  }
}
