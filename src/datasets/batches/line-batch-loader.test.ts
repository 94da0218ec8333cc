import { expect, test } from 'vitest';
import { defaultLineAugmentation } from '../../images/augment-line.ts';
import { Random } from '../../random/random.ts';
import { Alphabet } from '../../text/alphabet.ts';
import { loadLineBatches, type LineBatchLoaderOptions } from './line-batch-loader.ts';
import { linesFromImages } from '../lines/memory-lines.ts';

const alphabet = new Alphabet('abc ');
const height = 4;

/** Lines whose pixels are all of the shade `base` + index, 10 + index wide. */
function shades(name: string, base: number, count: number) {
  const images = Array.from({ length: count }, (_, i) => ({
    width: 10 + i,
    height,
    data: new Uint8Array((10 + i) * height).fill(base + i),
  }));
  const texts = Array.from({ length: count }, (_, i) => ({ id: `${name}-${i}`, text: i % 2 ? 'ab c' : 'ca' }));
  return linesFromImages(name, images, texts);
}

const sets = [
  { dataset: shades('one', 1, 30), weight: 2 },
  { dataset: shades('two', 101, 20), weight: 1 },
];
const options: LineBatchLoaderOptions = {
  alphabet,
  seed: 3,
  shape: { maxLines: 4, maxColumns: 512, maxWidth: 128 },
  chunkLines: 60,
  steps: 8,
  threads: 1,
};

async function collect(over: Partial<LineBatchLoaderOptions> = {}) {
  const batches = [];
  for await (const batch of loadLineBatches(sets, { ...options, ...over }).batches) {
    const { step, width, maxLabel, ...arrays } = batch;
    const copies = [arrays.images, arrays.labels, arrays.labelLengths, arrays.sets].map((array) => Array.from(array));
    batches.push({ step, width, maxLabel, copies, widths: [...batch.widths], indices: [...batch.indices] });
  }
  return batches;
}

test('delivers pixels at the left of their rows, with the classes of their texts', async () => {
  const loaded = loadLineBatches(sets, options);
  const batch = (await loaded.batches.next())!;
  const rows = batch.widths.length;
  expect(batch.images).toHaveLength(rows * height * batch.width);
  expect([batch.step, batch.maxLabel, batch.labels.length]).toEqual([0, batch.width / 8, (rows * batch.width) / 8]);
  const texts = Array.from(batch.sets, (set, row) => loaded.sets[set].dataset.lines[batch.indices[row]].text);
  for (let row = 0; row < rows; row++) {
    const shade = (batch.sets[row] === 0 ? 1 : 101) + batch.indices[row];
    const wide = 10 + batch.indices[row];
    expect(batch.widths[row]).toBe(wide);
    for (let y = 0; y < height; y++) {
      const start = (row * height + y) * batch.width;
      expect(new Set(batch.images.subarray(start, start + wide))).toEqual(new Set([shade]));
      expect(new Set(batch.images.subarray(start + wide, start + batch.width))).toEqual(new Set([0]));
    }
    const labels = batch.labels.subarray(row * batch.maxLabel, (row + 1) * batch.maxLabel);
    expect(alphabet.decode(labels)).toBe(texts[row]);
    expect(batch.labelLengths[row]).toBe(texts[row].length);
    expect(texts[row]).toBe(batch.indices[row] % 2 ? 'ab c' : 'ca');
  }
  await loaded.batches.close();
});

test('threads, prefetch and the step where a loader begins do not change a byte', async () => {
  const stretch = [0.7, 1.3] as const;
  const batches = await collect({ stretch, steps: 12 });
  expect(batches.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, step) => step));
  expect(await collect({ stretch, steps: 12, threads: 2, prefetch: 1 })).toEqual(batches);
  expect(await collect({ stretch, steps: 5, startStep: 7, threads: 2 })).toEqual(batches.slice(7));
  const widths = batches.flatMap((batch) => batch.widths.map((width, row) => width / (10 + batch.indices[row])));
  expect(Math.min(...widths)).toBeLessThan(0.8);
  expect(Math.max(...widths)).toBeGreaterThan(1.2);
});

test('changes lines at random, alike on all threads, but not those of a set that shall stay as it is', async () => {
  const augment = { ...defaultLineAugmentation, probability: 1 };
  const plain = [sets[0], { ...sets[1], augment: false as const }];
  const rows = async (threads: number) => {
    const found: { set: number; index: number; pixels: number[] }[] = [];
    for await (const batch of loadLineBatches(plain, { ...options, augment, threads, steps: 6 }).batches) {
      batch.indices.forEach((index, row) => {
        const start = row * height * batch.width;
        const pixels = Array.from(batch.images.subarray(start, start + batch.widths[row]));
        found.push({ set: batch.sets[row], index, pixels });
      });
    }
    return found;
  };
  const [one, two] = [await rows(1), await rows(2)];
  expect(two).toEqual(one);
  const isAsGiven = ({ set, index, pixels }: (typeof one)[number]) =>
    pixels.every((pixel) => pixel === (set === 0 ? 1 : 101) + index);
  expect(one.filter(({ set }) => set === 1).every(isAsGiven)).toBe(true);
  expect(one.filter(({ set }) => set === 0).some(isAsGiven)).toBe(false);
});

test('squeezes a line that is wider than the widest batch', async () => {
  const data = Uint8Array.from({ length: 300 * height }, () => new Random(1).below(256));
  const dataset = linesFromImages('wide', [{ width: 300, height, data }], [{ id: 'w', text: 'a' }]);
  const { batches } = loadLineBatches([{ dataset, weight: 1 }], { ...options, chunkLines: 4 });
  const batch = (await batches.next())!;
  expect([batch.width, [...batch.widths]]).toEqual([128, [128, 128, 128, 128]]);
  await batches.close();
});

test('explains what cannot be loaded', () => {
  const open = (over: Partial<LineBatchLoaderOptions>) => () => loadLineBatches(sets, { ...options, ...over });
  expect(open({ threads: 0 })).toThrow(/threads must be a whole number from 1, got 0/);
  expect(open({ startStep: -1 })).toThrow(/startStep must be a whole number from 0, got -1/);
  expect(open({ alphabet: new Alphabet('xyz') })).toThrow(
    /no lines to learn from. one: 30 of 30 lines are left out: 30 with characters outside the alphabet/,
  );
  expect(() => loadLineBatches([], options)).toThrow(/no lines to sample from/);
});
