import { expect, test } from 'vitest';
import { checkWeights, epochOrder } from './epoch-order.ts';
import { classFrequencyWeights } from '../class-frequency-weights.ts';

const options = { seed: 3, epoch: 1, shuffle: true };

function visits(length: number, order: Uint32Array): number[] {
  const counts = Array.from({ length }, () => 0);
  for (const item of order) counts[item]++;
  return counts;
}

test('an epoch visits every item once, in an order of its own', () => {
  const order = epochOrder(1000, options);
  expect(visits(1000, order)).toEqual(Array(1000).fill(1));
  expect(epochOrder(1000, options)).toEqual(order);
  expect(epochOrder(1000, { ...options, epoch: 2 })).not.toEqual(order);
  expect(epochOrder(1000, { ...options, seed: 4 })).not.toEqual(order);
  expect([...epochOrder(4, { ...options, shuffle: false })]).toEqual([0, 1, 2, 3]);
});

test('weights decide how often an item is visited', () => {
  // 8 visits in proportion 4 : 2 : 1 : 1 : 0.
  const order = epochOrder(5, { ...options, weights: [4, 2, 1, 1, 0], itemsPerEpoch: 8 });
  expect(visits(5, order)).toEqual([4, 2, 1, 1, 0]);
});

test('fractions of a visit even out over the epochs', () => {
  const totals = [0, 0, 0];
  for (let epoch = 1; epoch <= 1000; epoch++) {
    visits(3, epochOrder(3, { ...options, epoch, weights: [1, 2, 5] })).forEach(
      (count, item) => (totals[item] += count),
    );
  }
  // Expected visits per epoch: 3/8, 6/8, 15/8; the standard error over 1,000 epochs is at most 0.016.
  expect(totals[0] / 1000).toBeCloseTo(0.375, 1);
  expect(totals[1] / 1000).toBeCloseTo(0.75, 1);
  expect(totals[2] / 1000).toBeCloseTo(1.875, 1);
  expect(totals[0] + totals[1] + totals[2]).toBe(3000);
});

test('a shorter or longer epoch spreads over all items', () => {
  expect(Math.max(...visits(10, epochOrder(10, { ...options, itemsPerEpoch: 5 })))).toBe(1);
  expect(visits(10, epochOrder(10, { ...options, itemsPerEpoch: 30 }))).toEqual(Array(10).fill(3));
});

test('equal weights visit each of many items once, despite rounding', () => {
  const order = epochOrder(100_003, { ...options, weights: new Float64Array(100_003).fill(0.1) });
  expect(Math.max(...visits(100_003, order))).toBe(1);
});

test('refuses weights that mean nothing', () => {
  expect(() => checkWeights(2, [1])).toThrow('2 items need 2 weights, got 1');
  expect(() => checkWeights(2, [1, -1])).toThrow('The weight of item 1 is -1');
  expect(() => checkWeights(2, [1, NaN])).toThrow('The weight of item 1 is NaN');
  expect(() => checkWeights(2, [0, 0])).toThrow('add up to 0');
  expect(() => checkWeights(2, [1, Infinity])).toThrow('add up to Infinity');
});

test('frequency weights visit classes as another dataset has them', () => {
  const classes = ['a', 'b', 'c'];
  const dataset = { classes, labels: Uint8Array.of(0, 0, 0, 0, 1, 2) };
  const wanted = { classes, labels: Uint8Array.of(0, 1, 1, 1) };
  expect([...classFrequencyWeights(dataset, wanted)]).toEqual([0.25, 0.25, 0.25, 0.25, 3, 0]);
});
