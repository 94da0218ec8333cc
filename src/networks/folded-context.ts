import { conv2d, type ConvOptions } from '../graph/conv.ts';
import { constant, type Value } from '../graph/value.ts';
import { TextRecognizerError } from '../errors.ts';
import type { Initializer, LayerContext } from './layer-context.ts';

/** Asks for the weight of that name and shape; gives its values. */
export type WeightSource = (name: string, shape: readonly number[]) => Float32Array;

/** Builds a network as a served file has it: each normalisation is in its convolution's weight and bias already. */
export class FoldedContext implements LayerContext {
  readonly training = false;
  readonly #source: WeightSource;

  constructor(source: WeightSource) {
    this.#source = source;
  }

  parameter(name: string, shape: readonly number[], _initializer: Initializer): Value {
    return constant(this.#source(name, shape), shape);
  }

  normalizedConv(name: string, x: Value, shape: readonly number[], options: ConvOptions): Value {
    return conv2d(
      x,
      this.parameter(`${name}.weight`, shape, none),
      this.parameter(`${name}.bias`, [shape[0]], none),
      options,
    );
  }

  statistic(name: string): never {
    throw new TextRecognizerError('MODEL_INVALID', `A served network has no statistic '${name}'.`);
  }

  keepMask(): never {
    throw new TypeError('Nothing is dropped in serving.');
  }
}

const none: Initializer = () => {};

/** Weights by name as a source; throws MODEL_INVALID where one is missing or of another size. */
export function weightsByName(weights: ReadonlyMap<string, Float32Array>): WeightSource {
  return (name, shape) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const data = weights.get(name);
    if (data?.length === size) return data;
    throw new TextRecognizerError(
      'MODEL_INVALID',
      `The network wants ${size} numbers as '${name}', and there are ${data?.length ?? 'none'}; do weights and configuration belong together?`,
    );
  };
}
