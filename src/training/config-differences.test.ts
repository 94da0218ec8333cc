import { expect, test } from 'vitest';
import { configDifferences } from './config-differences.ts';

test('names every setting that differs, with both values', () => {
  const before = { seed: 42, optimizer: { kind: 'adamw', weightDecay: 0.01 }, sets: [{ name: 'a' }], clipNorm: 1 };
  const now = { seed: 43, optimizer: { kind: 'muon', weightDecay: 0.01 }, sets: [{ name: 'a' }, { name: 'b' }] };
  expect(configDifferences(before, now)).toEqual([
    'seed is 43 and was 42',
    'optimizer.kind is "muon" and was "adamw"',
    'clipNorm is not set and was 1',
    'sets.1.name is "b" and was not set',
  ]);
});

test('a setting that is undefined is not set, and equal settings do not differ', () => {
  expect(configDifferences({ a: [1, { b: null }] }, { a: [1, { b: null }], c: undefined })).toEqual([]);
});
