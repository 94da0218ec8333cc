import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { Alphabet } from '../../text/alphabet.ts';
import { labelLines } from './labelled-lines.ts';
import { fullLineBatchShape, linesPerBatch } from './line-batch-plan.ts';
import { LineSampler } from './line-sampler.ts';
import { memoryLines } from '../lines/memory-lines.ts';

/** `count` lines 1 pixel high, `low` to `high` wide, that say `text`. */
function set(count: number, low: number, high: number, weight: number, text = 'ab') {
  const random = new Random(count);
  const widths = Array.from({ length: count }, () => Math.floor(random.between(low, high)));
  const lines = widths.map((_, i) => ({ id: `${i}`, text }));
  const offsets = widths.map(() => 0);
  const dataset = memoryLines({
    name: `lines of ${low}`,
    height: 1,
    pixels: new Uint8Array(high),
    offsets,
    widths,
    lines,
  });
  return { lines: labelLines(dataset, new Alphabet('ab')), weight };
}

const shape = { maxLines: 8, maxColumns: 4096 };
const options = { seed: 7, shape, stretch: [0.8, 1.25], chunkLines: 400 } as const;
const sets = [set(300, 100, 1500, 3), set(50, 20, 300, 1)];

function take(sampler: LineSampler, chunks: number) {
  return Array.from({ length: chunks * sampler.batchesPerChunk }, (_, step) => sampler.plan(step));
}

test('every batch has the lines that its width asks for, and they fit with little padding', () => {
  const sampler = new LineSampler(sets, options);
  let columns = 0;
  let used = 0;
  for (const { width, lines } of take(sampler, 5)) {
    expect(lines).toHaveLength(linesPerBatch(width, fullLineBatchShape(shape)));
    expect(width % 32).toBe(0);
    for (const { set, place, stretch } of lines) {
      const needed = Math.ceil(sets[set].lines.dataset.width(place) * stretch);
      expect(needed).toBeLessThanOrEqual(width);
      used += needed;
    }
    columns += width * lines.length;
  }
  expect(used / columns).toBeGreaterThan(0.9);
});

test('sets come by their weights, and each set is walked through evenly', () => {
  const sampler = new LineSampler(sets, options);
  const lines = take(sampler, 10).flatMap(({ lines }) => lines);
  const shares = [0, 1].map((set) => lines.filter((line) => line.set === set).length / lines.length);
  expect(shares[0]).toBeCloseTo(0.75, 1);
  // 4000 lines drawn: 3000 of the first set's 300 lines, 1000 of the second's 50.
  for (const [set, times] of [
    [0, 10],
    [1, 20],
  ] as const) {
    // prettier-ignore
    const visits = new Uint32Array(sets[set].lines.indices.length);
    for (const line of lines) if (line.set === set) visits[line.place]++;
    expect(Math.min(...visits)).toBeGreaterThanOrEqual(times - 4);
    expect(Math.max(...visits)).toBeLessThanOrEqual(times + 4);
  }
  const first = lines.filter((line) => line.set === 0).map((line) => line.draw);
  expect(new Set(first).size / first.length).toBeGreaterThan(0.95);
});

test('no width is favoured: the narrowest and the widest lines come as often as others', () => {
  const wide = [set(400, 10, 2000, 1)];
  const sampler = new LineSampler(wide, { ...options, stretch: [1, 1] });
  const visits = new Uint32Array(400);
  for (const { lines } of take(sampler, 40)) for (const { place } of lines) visits[place]++;
  const { width } = wide[0].lines.dataset;
  const byWidth = [...visits.keys()].sort((a, b) => width(a) - width(b));
  const mean = (places: number[]) => places.reduce((sum, place) => sum + visits[place], 0) / places.length;
  for (const part of [byWidth.slice(0, 8), byWidth.slice(100, 300), byWidth.slice(-8)]) {
    expect(mean(part)).toBeGreaterThan(37);
    expect(mean(part)).toBeLessThan(43);
  }
});

test('a plan depends on the step alone, not on what was planned before', () => {
  const sampler = new LineSampler(sets, options);
  const steps = Array.from({ length: 3 * sampler.batchesPerChunk }, (_, step) => step);
  const inOrder = steps.map((step) => sampler.plan(step));
  for (const step of new Random(1).shuffle([...steps])) expect(sampler.plan(step)).toEqual(inOrder[step]);
  expect(new LineSampler(sets, options).plan(100)).toEqual(inOrder[100]);
  expect(new LineSampler(sets, { ...options, seed: 8 }).plan(100)).not.toEqual(inOrder[100]);
});

test('the plan of a seed stays the same from release to release', () => {
  const { width, lines } = new LineSampler(sets, options).plan(1_000);
  const line = { set: 0, place: 210, draw: 3532, stretch: expect.closeTo(1.0903180204, 9) };
  expect([width, lines[0]]).toEqual([1504, line]);
});

test('a line gets the columns that CTC needs for its text', () => {
  const narrow = [set(20, 5, 6, 1, 'aaab')]; // 4 labels and 2 blanks between equal ones: 6 steps of 8 pixels.
  expect(new LineSampler(narrow, { ...options, chunkLines: 16 }).plan(0).width).toBe(64);
});

test('refuses what cannot be sampled', () => {
  const sampler =
    (over: object, of = sets) =>
    () =>
      new LineSampler(of, { ...options, ...over });
  expect(sampler({}, [])).toThrow(/no lines to sample from/);
  expect(sampler({}, [{ ...sets[0], weight: 0 }])).toThrow(/weight of lines of 100 is 0/);
  expect(sampler({}, [set(3, 10, 20, 1, '?')])).toThrow(
    /lines of 10: 3 of 3 lines are left out: 3 with characters outside the alphabet/,
  );
  expect(sampler({ stretch: [0, 1] })).toThrow(/stretched by \[0, 1\]/);
  expect(sampler({ chunkLines: 1 })).toThrow(/at least a line of each of the 2 sets/);
  expect(() => new LineSampler(sets, options).plan(-1)).toThrow(/whole numbers from 0, not -1/);
});
