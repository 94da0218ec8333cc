import { expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { filled, glorotUniform, heNormal } from './initializers.ts';
import type { Initializer } from './layer-context.ts';
import { initialParameters, TrainingContext } from './training-context.ts';

const size = 40_000;

/** Mean, variance and largest magnitude of 40,000 draws. */
function describe(initializer: Initializer): { mean: number; variance: number; largest: number } {
  const values = new Float32Array(size);
  initializer(values, Random.of(1));
  const mean = values.reduce((total, value) => total + value, 0) / size;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / size;
  return { mean, variance, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

test('heNormal has mean 0 and variance 2 / fan-in', () => {
  const { mean, variance, largest } = describe(heNormal(50));
  // Four standard errors: √(0.04 / 40,000) of the mean, 0.04 · √(2 / 40,000) of the variance.
  expect(Math.abs(mean)).toBeLessThan(0.004);
  expect(Math.abs(variance - 0.04)).toBeLessThan(0.0012);
  // Of 40,000 normal numbers, some are beyond 3.5 standard deviations.
  expect(largest).toBeGreaterThan(0.7);
});

test('glorotUniform stays within √(6 / (fan-in + fan-out)), with variance 2 / (fan-in + fan-out)', () => {
  const { mean, variance, largest } = describe(glorotUniform(30, 70));
  expect(Math.abs(mean)).toBeLessThan(0.003);
  expect(Math.abs(variance - 0.02)).toBeLessThan(0.0004);
  expect(largest).toBeLessThanOrEqual(Math.sqrt(0.06));
  expect(largest).toBeGreaterThan(0.999 * Math.sqrt(0.06));
});

test('filled is the same everywhere', () => {
  const values = new Float32Array(3);
  filled(0.5)(values, Random.of(1));
  expect(values).toEqual(Float32Array.of(0.5, 0.5, 0.5));
});

test('parameters begin alike whatever is declared beside them, and unlike with another name or seed', () => {
  const begin = (names: readonly string[], seed: number) => {
    const context = new TrainingContext();
    for (const name of names) context.parameter(name, [4], heNormal(4));
    return initialParameters(context.parameters, seed);
  };
  const first = begin(['a', 'b'], 1);
  expect(begin(['b'], 1).get('b')).toEqual(first.get('b'));
  expect(first.get('a')).not.toEqual(first.get('b'));
  expect(begin(['a'], 2).get('a')).not.toEqual(first.get('a'));
});
