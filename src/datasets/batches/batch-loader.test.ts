import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../../errors.ts';
import { defaultCharacterAugmentation } from '../../images/augment-character.ts';
import { loadBatches, type BatchLoaderOptions } from './batch-loader.ts';
import type { Dataset } from '../dataset.ts';
import { memoryDataset } from '../memory-dataset.ts';
import { openDataset } from '../registry.ts';
import { subset } from '../subset.ts';

/** 50 images of 1×2; the pixels of item i are i and i + 100, its label is i mod 3. */
const fifty = memoryDataset({
  name: 'fifty',
  classes: ['a', 'b', 'c'],
  height: 1,
  width: 2,
  images: Uint8Array.from({ length: 100 }, (_, at) => (at >> 1) + 100 * (at & 1)),
  labels: Uint8Array.from({ length: 50 }, (_, item) => item % 3),
});

interface Seen {
  epoch: number;
  index: number;
  images: number[];
  labels: number[];
  indices: number[];
}

async function collect(options: BatchLoaderOptions, dataset: Dataset = fifty): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const { epoch, index, images, labels, indices } of loadBatches(dataset, options)) {
    seen.push({ epoch, index, images: [...images], labels: [...labels], indices: [...indices] });
  }
  return seen;
}

test('every item comes once, with its own pixels and label', async () => {
  const batches = await collect({ batchSize: 8, seed: 1 });
  expect(batches.map(({ indices }) => indices.length)).toEqual([8, 8, 8, 8, 8, 8, 2]);
  const items = batches.flatMap(({ indices }) => indices);
  expect(items).not.toEqual(items.toSorted((a, b) => a - b));
  expect(items.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, item) => item));
  expect(batches.flatMap(({ labels }) => labels)).toEqual(items.map((item) => item % 3));
  expect(batches.flatMap(({ images }) => images)).toEqual(items.flatMap((item) => [item, item + 100]));
});

test('threads, prefetch and the place where a loader begins do not change a byte', async () => {
  const options = { batchSize: 8, seed: 5, epochs: 3, dropLast: true };
  const whole = await collect(options);
  expect(whole.map(({ epoch, index }) => [epoch, index])).toEqual(
    [1, 2, 3].flatMap((epoch) => [0, 1, 2, 3, 4, 5].map((index) => [epoch, index])),
  );
  expect(await collect({ ...options, threads: 3, prefetch: 1 })).toEqual(whole);
  expect(await collect({ ...options, epoch: 2, startBatch: 4, epochs: 2 })).toEqual(whole.slice(10));
  expect(await collect({ ...options, epoch: 2, startBatch: 6, epochs: 2 })).toEqual(whole.slice(12));
});

test('the bytes of a seed stay the same from release to release', async () => {
  const batches = await collect({ batchSize: 16, seed: 42 });
  const digest = createHash('sha256').update(JSON.stringify(batches)).digest('hex');
  expect(digest.slice(0, 16)).toBe('e30709bc42d3a7f4');
});

test('augmentation depends on seed, epoch and place alone', async () => {
  const augment = defaultCharacterAugmentation;
  const dataset = await openDataset('emnist-sample-test', { root: '' });
  const small = subset(dataset, [0, 100, 200, 300, 400, 500]);
  const options = { batchSize: 4, seed: 5, epochs: 2 };
  const plain = await collect(options, small);
  const changed = await collect({ ...options, augment }, small);
  expect(changed.map(({ indices }) => indices)).toEqual(plain.map(({ indices }) => indices));
  expect(await collect({ ...options, augment, threads: 2, prefetch: 1 }, small)).toEqual(changed);
  expect(await collect({ ...options, augment, epoch: 2, startBatch: 1, epochs: 1 }, small)).toEqual(changed.slice(3));

  for (const [i, { images }] of changed.entries()) expect(images).not.toEqual(plain[i].images);

  // The same item is changed in another way in each epoch.
  const ofItem = (item: number) =>
    changed
      .flatMap(({ indices, images }) =>
        indices.map((index, i) => ({ index, image: images.slice(i * 784, i * 784 + 784) })),
      )
      .filter(({ index }) => index === item);
  const [first, second] = ofItem(3);
  expect(first.image).not.toEqual(second.image);
});

test('weights and items per epoch decide what is visited', async () => {
  const weights = Array.from({ length: 50 }, (_, item) => (item < 5 ? 2 : 0));
  const batches = await collect({ batchSize: 4, seed: 1, weights, itemsPerEpoch: 10, shuffle: false });
  expect(batches.flatMap(({ indices }) => indices)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
});

test('memory is used again, and a batch that is held stays as it is until the next is asked for', async () => {
  const loader = loadBatches(fifty, { batchSize: 5, seed: 1, shuffle: false, prefetch: 2 });
  const buffers = new Set<SharedArrayBuffer>();
  for (let start = 0; start < 50; start += 5) {
    const batch = (await loader.next())!;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([...batch.indices]).toEqual([0, 1, 2, 3, 4].map((item) => start + item));
    expect(batch.images[0]).toBe(start);
    buffers.add(batch.images.buffer);
  }
  expect(buffers.size).toBe(3);
  expect(await loader.next()).toBeUndefined();
  expect(await loader.next()).toBeUndefined();
});

test('a consumer that leaves in the middle closes the loader', async () => {
  const loader = loadBatches(fifty, { batchSize: 4, seed: 1, epochs: Infinity, threads: 2 });
  for await (const batch of loader) {
    if (batch.epoch === 3) break;
  }
  const afterClose = [];
  for await (const batch of loader) afterClose.push(batch);
  expect(afterClose.length).toBeLessThanOrEqual(5);
  await loader.close();
});

test('closing wakes a consumer that waits', async () => {
  const loader = loadBatches(fifty, { batchSize: 4, seed: 1 });
  const waiting = loader.next();
  await loader.close();
  expect(await waiting).toBeUndefined();
});

test('an error on the thread reaches the consumer with its code', async () => {
  const vanished = { ...fifty, source: { kind: 'shards', folder: '/nowhere/at/all' } } as const;
  const loader = loadBatches(vanished, { batchSize: 4, seed: 1 });
  await expect(loader.next()).rejects.toBeInstanceOf(TextRecognizerError);
  await expect(loader.next()).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
});

test('a second request before the first is answered is refused', async () => {
  const loader = loadBatches(fifty, { batchSize: 4, seed: 1 });
  const first = loader.next();
  await expect(loader.next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect((await first)!.index).toBe(0);
  await loader.close();
});

test.each([
  [{ batchSize: 0, seed: 1 }, 'batchSize must be a whole number from 1, got 0'],
  [{ batchSize: 2.5, seed: 1 }, 'batchSize must be a whole number from 1, got 2.5'],
  [{ batchSize: 8, seed: NaN }, 'seed must be a whole number from 0, got NaN'],
  [{ batchSize: 8, seed: 1, threads: 0 }, 'threads must be a whole number from 1, got 0'],
  [{ batchSize: 8, seed: 1, startBatch: 8 }, 'makes 7 batches of 8 per epoch: a loader cannot begin at batch 8'],
  [{ batchSize: 64, seed: 1, dropLast: true }, 'makes 0 batches of 64 per epoch'],
  [{ batchSize: 8, seed: 1, weights: [1] }, '50 items need 50 weights, got 1'],
])('refuses %j', (options, message) => {
  expect(() => loadBatches(fifty, options)).toThrow(message);
  expect(() => loadBatches(fifty, options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

test('an empty dataset makes no loader', () => {
  expect(() => loadBatches(subset(fifty, []), { batchSize: 1, seed: 1 })).toThrow('itemsPerEpoch');
});
