import type { Sampled } from '../../graph/testing/fixture.ts';
import { hashedBytes, hashedTensor } from '../../graph/testing/hashed-values.ts';
import type { Tensor } from '../../runtime/tensor.ts';
import type { OptimizerInput } from '../../training/optimizers.ts';

/** What PyTorch computed for a network; scripts/fixtures/make-network-fixtures.py tells how. */
export interface NetworkFixture {
  readonly parameters: readonly ParameterFixture[];
  readonly gradients: readonly GradientFixture[];
  readonly runs: readonly RunFixture[];
}

export interface ParameterFixture {
  readonly name: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly shift: number;
}

export interface GradientFixture {
  readonly dropout: number;
  readonly smoothing: number;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Sampled & { readonly norm: number }>>;
}

/** A few optimiser steps. */
export interface RunFixture {
  readonly name: string;
  readonly optimizer: OptimizerInput & { readonly clipNorm?: number };
  readonly steps: readonly {
    readonly learningRate: number;
    readonly loss: number;
    readonly gradientNorm: number;
    readonly parameters: Readonly<Record<string, Sampled>>;
  }[];
}

export const fixtureBatchSize = 8;

/** The weights that both sides begin with, by name. */
export function fixtureWeights(parameters: readonly ParameterFixture[]): Map<string, Float32Array> {
  return new Map(
    parameters.map(({ name, shape, scale, shift }, i) => [
      name,
      hashedTensor(shape, 100 + i, scale, shift).data as Float32Array,
    ]),
  );
}

/** Square images with ink in the middle and blank paper around it, and their labels. */
export function fixtureBatch(seed: number, size: number, classes: number): { images: Tensor; labels: Tensor } {
  const bytes = hashedBytes(fixtureBatchSize * size * size, seed);
  const [top, left, end] = [Math.floor(size / 4), Math.floor(size / 3), size - Math.floor(size / 4)];
  const data = bytes.map((byte, i) => {
    const [row, column] = [Math.floor(i / size) % size, i % size];
    return row >= top && row < end && column >= left && column < end ? byte : 0;
  });
  const labels = Int32Array.from({ length: fixtureBatchSize }, (_, i) => (i * 7 + seed) % classes);
  return {
    images: { data, shape: [fixtureBatchSize, size, size] },
    labels: { data: labels, shape: [fixtureBatchSize] },
  };
}
