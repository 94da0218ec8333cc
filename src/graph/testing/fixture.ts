import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Tensor } from '../../runtime/tensor.ts';

/** Evenly spaced elements of a tensor, all of them where there are few; see scripts/fixtures/hashed.py. */
export interface Sampled {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** An operator's result y, and the gradients of Σ c · y for its inputs, c hashed from seed 99. */
export interface OperatorResults {
  readonly y: Sampled;
  readonly gradients: readonly Sampled[];
}

/** What PyTorch computed; scripts/fixtures tells how. */
export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** Fails unless each sampled element differs by at most `tolerance` × the largest of them. */
export function expectSampled(actual: Tensor, { shape, values }: Sampled, tolerance: number, what: string): void {
  expect(actual.shape, what).toEqual(shape);
  const limit = tolerance * Math.max(...values.map(Math.abs));
  values.forEach((value, i) => {
    const place = Math.floor((i * actual.data.length) / values.length);
    const error = Math.abs(Number(actual.data[place]) - value);
    expect(error, `${what}: element ${place} is ${actual.data[place]} instead of ${value}`).toBeLessThanOrEqual(limit);
  });
}
