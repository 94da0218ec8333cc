import { input, type Value } from '../graph/value.ts';
import { TextRecognizerError } from '../errors.ts';
import { Random } from '../random/random.ts';
import type { Initializer, LayerContext, ParameterOptions } from './layer-context.ts';

export interface DeclaredParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly decay: boolean;
  readonly initializer: Initializer;
  readonly value: Value;
}

export interface DeclaredStatistic {
  readonly name: string;
  readonly size: number;
  readonly initial: number;
  /** `[size]`: this batch's value. */
  readonly update: Value;
}

export interface DeclaredMask {
  readonly name: string;
  readonly shape: readonly number[];
  /** In 256ths: a byte below it is dropped. */
  readonly threshold: number;
}

/** Builds a network for training and remembers what it declared, in the order of declaration. */
export class TrainingContext implements LayerContext {
  readonly training = true;
  readonly parameters: DeclaredParameter[] = [];
  readonly statistics: DeclaredStatistic[] = [];
  readonly masks: DeclaredMask[] = [];

  parameter(name: string, shape: readonly number[], initializer: Initializer, options: ParameterOptions = {}): Value {
    this.#requireNew(name);
    const value = input(name, 'float32', shape);
    const size = shape.reduce((a, b) => a * b, 1);
    this.parameters.push({ name, shape, size, decay: options.decay ?? true, initializer, value });
    return value;
  }

  statistic(name: string, size: number, initial: number, update: (() => Value) | undefined): Value {
    this.#requireNew(name);
    const value = update!();
    this.statistics.push({ name, size, initial, update: value });
    return value;
  }

  keepMask(shape: readonly number[], rate: number): { mask: Value; keptShare: number } {
    // Neither nothing nor everything is dropped, whatever the rate.
    const threshold = Math.min(255, Math.max(1, Math.round(rate * 256)));
    const name = `keep${this.masks.length + 1}`;
    this.masks.push({ name, shape, threshold });
    return { mask: input(name, 'uint8', shape), keptShare: 1 - threshold / 256 };
  }

  #requireNew(name: string): void {
    const isTaken = [...this.parameters, ...this.statistics].some((other) => other.name === name);
    if (isTaken)
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `A network declares '${name}' twice; give every layer a unique name.`,
      );
  }
}

/** Fills every parameter from its own stream of random numbers, so that adding a layer leaves the others as they were. */
export function initialParameters(parameters: readonly DeclaredParameter[], seed: number): Map<string, Float32Array> {
  return new Map(
    parameters.map(({ name, size, initializer }) => {
      const values = new Float32Array(size);
      initializer(values, Random.of(seed, ...Array.from(name, (character) => character.codePointAt(0)!)));
      return [name, values];
    }),
  );
}
