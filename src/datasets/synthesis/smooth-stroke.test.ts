import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { smoothStroke } from './smooth-stroke.ts';
import { wander } from './wander.ts';

test('halves the way between points as Catmull and Rom do', () => {
  // At t = ½ the spline is (−a + 9b + 9c − d) / 16 (ends repeated): x = (−0 + 0 + 36 − 4)/16, (0 + 36 + 36 − 8)/16 …
  const { points, speeds } = smoothStroke(Float32Array.of(0, 0, 4, 0, 4, 4), 2);
  expect([...points]).toEqual([0, 0, 2, -0.25, 4, 0, 4.25, 2, 4, 4]);
  expect([...speeds]).toEqual([4, 4, 4, 4, 4]);
});

test('keeps the given points, in steps no longer than asked for on a straight way', () => {
  const way = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(way, fc.integer({ min: 1, max: 9 }), (steps, longest) => {
      let x = 0;
      const given = [0, ...steps.map((step) => (x += step))];
      const { points, speeds } = smoothStroke(Float32Array.from(given.flatMap((value) => [value, 7])), longest);
      const made = [...points].filter((_, i) => i % 2 === 0);
      expect(speeds).toHaveLength(made.length);
      expect(given.every((value) => made.includes(value))).toBe(true);
      expect([...points].filter((_, i) => i % 2 === 1).every((y) => y === 7)).toBe(true);
    }),
  );
});

test('a dot stays a dot', () => {
  expect(smoothStroke(Float32Array.of(3, 5), 1)).toEqual({ points: Float32Array.of(3, 5), speeds: Float32Array.of(0) });
});

test('wandering is smooth, bounded and its own for every seed', () => {
  const walk = (seed: number) => {
    const wandering = wander(10, new Random(seed));
    return Array.from({ length: 500 }, (_, place) => wandering(place));
  };
  const values = walk(1);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
  // The steepest cosine from −1 to 1 over 10 places rises by π/10 per place.
  expect(Math.max(...values.slice(1).map((value, i) => Math.abs(value - values[i])))).toBeLessThan(0.315);
  expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(1.5);
  expect(walk(1)).toEqual(values);
  expect(walk(2)).not.toEqual(values);
});
