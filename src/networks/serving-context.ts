import { constant, type Value } from '../graph/value.ts';
import { TextRecognizerError } from '../errors.ts';
import type { Initializer, LayerContext } from './layer-context.ts';

/** Builds a network with learned weights as constants. */
export class ServingContext implements LayerContext {
  readonly training = false;
  readonly #weights: ReadonlyMap<string, Float32Array>;

  /** Parameters and statistics by name. */
  constructor(weights: ReadonlyMap<string, Float32Array>) {
    this.#weights = weights;
  }

  parameter(name: string, shape: readonly number[], _initializer: Initializer): Value {
    const size = shape.reduce((a, b) => a * b, 1);
    return constant(this.#find(name, size), shape);
  }

  statistic(name: string, size: number): Value {
    return constant(this.#find(name, size), [size]);
  }

  keepMask(): never {
    throw new TypeError('Nothing is dropped in serving.');
  }

  #find(name: string, size: number): Float32Array {
    const data = this.#weights.get(name);
    if (data?.length === size) return data;
    const found = data ? `${data.length} numbers for it` : `only ${[...this.#weights.keys()].join(', ')}`;
    throw new TextRecognizerError(
      'MODEL_INVALID',
      `The network wants ${size} numbers as '${name}', but there are ${found}; do weights and configuration belong together?`,
    );
  }
}
