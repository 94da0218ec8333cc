import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BINS, binOf, middleOf, signalNames } from './signals.ts';
import { Sketch } from './sketch.ts';
import { sketchScale } from './reference.ts';
import { simulateRequests } from '../../bench/monitoring/simulate-requests.ts';

const scale = sketchScale(Array.from({ length: 16 }, () => 1));

function sketchOf(requests: ReturnType<typeof simulateRequests>): Sketch {
  const sketch = new Sketch();
  for (const request of requests) sketch.add(request, scale);
  return sketch;
}

test('sketches of parts merge to the sketch of all, and come apart again', () => {
  const requests = simulateRequests(300, 1);
  const [a, b] = [sketchOf(requests.slice(0, 120)), sketchOf(requests.slice(120))];
  const all = sketchOf(requests);
  const merged = new Sketch();
  merged.merge(b);
  merged.merge(a);
  expect(merged.bins).toEqual(all.bins);
  expect([...merged.characters].sort()).toEqual([...all.characters].sort());
  expect(merged.count).toBe(300);
  merged.features.forEach((sum, i) => expect(sum).toBeCloseTo(all.features[i], 9));
  merged.merge(a, -1);
  expect(merged.bins).toEqual(b.bins);
  expect(merged.edits).toBeCloseTo(b.edits, 9);
});

test('a sketch survives JSON', () => {
  const sketch = sketchOf(simulateRequests(50, 2));
  const copy = Sketch.from(JSON.parse(JSON.stringify(sketch)));
  expect(JSON.stringify(copy)).toBe(JSON.stringify(sketch));
});

test('every value is in the bin whose middle is nearest', () => {
  fc.assert(
    fc.property(fc.constantFrom(...signalNames), fc.integer({ min: 0, max: BINS - 1 }), (name, bin) => {
      expect(binOf(name, middleOf(name, bin))).toBe(bin);
    }),
  );
  expect([binOf('slant', -1e9), binOf('slant', 1e9), binOf('width', 0), binOf('ink', Number.NaN)]).toEqual([
    0, 63, 0, 0,
  ]);
});
