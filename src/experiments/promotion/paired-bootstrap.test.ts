import { expect, test } from 'vitest';
import { pairedBootstrap } from './paired-bootstrap.ts';

const item = (errors: number, length: number) => ({ errors, length });

test('the interval is that of scipy', () => {
  // scipy.stats.bootstrap((before, after, length), paired=True, method='percentile', n_resamples=200000) of SciPy 1.16.
  const indices = Array.from({ length: 200 }, (_, i) => i);
  const before = indices.map((i) => item((i * 7) % 5, 20 + ((i * 13) % 30)));
  const after = indices.map((i) => item((i * 11) % 4, 20 + ((i * 13) % 30)));
  const { low, high, ...rates } = pairedBootstrap(before, after);
  expect(rates).toEqual({
    items: 200,
    before: expect.closeTo(0.05805515, 8) as number,
    after: expect.closeTo(0.04354136, 8) as number,
    difference: expect.closeTo(-0.01451379, 8) as number,
  });
  expect(Math.abs(low - -0.0218032)).toBeLessThan(0.0003);
  expect(Math.abs(high - -0.0072392)).toBeLessThan(0.0003);
});

test('of two items the four drawings are equally probable', () => {
  const before = [item(0, 2), item(0, 2)];
  const after = [item(0, 2), item(1, 2)];
  // By hand: 0, ¼, ¼, ½.
  expect(pairedBootstrap(before, after, { confidence: 0.4 })).toMatchObject({ low: 0.25, high: 0.25 });
  expect(pairedBootstrap(before, after, { confidence: 0.6 })).toMatchObject({ low: 0, high: 0.5 });
});

test('equal readings differ by nothing, and a seed gives the same interval again', () => {
  const items = Array.from({ length: 50 }, (_, i) => item(i % 3, 10));
  expect(pairedBootstrap(items, items)).toMatchObject({ difference: 0, low: 0, high: 0 });
  const other = items.map(({ errors }, i) => item(i % 7 === 0 ? errors + 1 : errors, 10));
  expect(pairedBootstrap(items, other, { seed: 3 })).toEqual(pairedBootstrap(items, other, { seed: 3 }));
});

test('other items are no pairs', () => {
  const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
  expect(() => pairedBootstrap([item(0, 1)], [item(0, 1), item(0, 1)])).toThrow(refused);
  expect(() => pairedBootstrap([item(0, 1)], [item(0, 2)])).toThrow(refused);
  expect(() => pairedBootstrap([], [])).toThrow(refused);
});
