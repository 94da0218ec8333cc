import sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { RecognizerPool } from './recognizer-pool.ts';
import type { OpenedImage } from '../http/open-body.ts';
import { sampleImage } from '../testing/run-server.ts';

/** An image of the samples as the pool gets it, which takes its memory over. */
const sample = (name: string): OpenedImage => ({
  bytes: new Uint8Array(sampleImage(name)),
  width: 28,
  height: 28,
  decodeBytes: 784,
});
const names = ['digit-2', 'upper-A', 'digit-7', 'lower-e', 'digit-3', 'upper-R', 'digit-8', 'upper-E'];
const start = (options: object = {}) => RecognizerPool.start({ models: ['mlp'], workers: 1, ...options });

test('images that come together are read together, each with its own answer, until the pool closes', async () => {
  const pool = await start();
  const together = await Promise.all([...names, ...names].map((name) => pool.read(sample(name))));
  const alone: string[] = [];
  for (const name of names) alone.push((await pool.read(sample(name))).reading.text);
  expect(together.map(({ reading }) => reading.text)).toEqual([...alone, ...alone]);
  expect(alone.slice(0, 3)).toEqual(['2', 'A', '7']);
  expect(Math.max(...together.map(({ timing }) => timing.batchSize))).toBeGreaterThan(4);

  // One that cannot be read does not disturb its neighbours.
  const [good, bad] = await Promise.allSettled([
    pool.read(sample('digit-2')),
    pool.read({ ...sample('digit-2'), bytes: Uint8Array.of(1, 2, 3) }),
  ]);
  expect(good).toMatchObject({ value: { reading: { text: '2' } } });
  expect(bad).toMatchObject({ reason: { code: 'UNSUPPORTED_IMAGE' } });

  // Closing answers what was accepted, and takes no more.
  const accepted = names.map((name) => pool.read(sample(name)));
  const closed = pool.close();
  expect(pool.isReady).toBe(false);
  await expect(pool.read(sample('digit-2'))).rejects.toMatchObject({ code: 'NOT_READY' });
  expect((await Promise.all(accepted))[1].reading.text).toBe('A');
  await closed;
  await pool.close();
});

test('a full queue sheds, and an image whose client went leaves it', async () => {
  const pool = await start({ maxQueue: 4, maxBatch: 1 });
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => pool.read(sample('digit-2'))));
  const shed = results.filter((result) => result.status === 'rejected');
  // Two are on the thread, four wait.
  expect(shed).toHaveLength(34);
  expect(shed[0].reason).toMatchObject({ code: 'OVERLOADED', status: 503 });
  expect(shed[0].reason.retryAfter).toBeGreaterThan(0);

  const controller = new AbortController();
  const kept = [pool.read(sample('digit-2')), pool.read(sample('digit-2'))];
  const dropped = pool.read(sample('digit-2'), { signal: controller.signal });
  expect(pool.waiting).toBe(1);
  controller.abort();
  await expect(dropped).rejects.toMatchObject({ code: 'CLIENT_GONE' });
  expect(pool.waiting).toBe(0);
  await expect(pool.read(sample('digit-2'), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'CLIENT_GONE',
  });
  expect((await Promise.all(kept)).map(({ reading }) => reading.text)).toEqual(['2', '2']);
  await pool.close();
});

test('a deadline ends the waiting, and frees the place', async () => {
  const pool = await start({ deadlineMs: 1, maxQueue: 2, maxBatch: 1 });
  // The thread is kept busy, so that the last one certainly waits.
  const results = await Promise.allSettled([1, 2, 3].map(() => pool.read(sample('digit-2'))));
  expect(results[2]).toMatchObject({ reason: { code: 'DEADLINE_EXCEEDED', status: 503, retryAfter: 1 } });
  expect(pool.waiting).toBe(0);
  await pool.close();
});

test('a model that is not there is said at the start', async () => {
  await expect(start({ models: ['mlp', 'nope'] })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('a pool grows while it reads, and closes while it grows', async () => {
  const pool = await start();
  expect(pool.threads).toBe(1);
  pool.grow(3);
  expect((await pool.read(sample('digit-2'))).reading.text).toBe('2');
  await vi.waitUntil(() => pool.threads === 3, { timeout: 20_000 });
  pool.grow(3);
  pool.grow(5);
  await pool.close();
  expect(pool.threads).toBe(0);
});

test('an image that is costly to decode waits for others of its kind, while a cheap one passes', async () => {
  const pool = await start({ deadlineMs: 60_000 });
  const png = await sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#eee' } })
    .png()
    .toBuffer();
  const costly = (): OpenedImage => ({
    bytes: new Uint8Array(png),
    width: 6000,
    height: 6000,
    decodeBytes: 3 * 6000 * 6000,
  });
  const order: string[] = [];
  const first = [1, 2, 3].map(async (i) => {
    await pool.read(costly());
    order.push(`costly ${i}`);
  });
  expect(pool.waiting).toBe(2);
  const cheap = pool.read(sample('digit-2')).then(({ reading }) => order.push(reading.text));
  await Promise.all([...first, cheap]);
  expect(order.indexOf('2')).toBeLessThan(order.indexOf('costly 3'));
  expect(order.filter((entry) => entry !== '2')).toEqual(['costly 1', 'costly 2', 'costly 3']);
  await pool.close();
});

test('a pool that closes while an image is decoded for which nobody waits does not end the process', async () => {
  const pool = await start();
  const png = await sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#eee' } })
    .png()
    .toBuffer();
  const size = { width: 6000, height: 6000, decodeBytes: 3 * 6000 * 6000 };
  const controller = new AbortController();
  const reading = pool.read({ bytes: new Uint8Array(png), ...size }, { signal: controller.signal });
  // The thread has had the image before this one.
  await pool.read(sample('digit-2'));
  controller.abort();
  await expect(reading).rejects.toMatchObject({ code: 'CLIENT_GONE' });
  await pool.close();
});

test('a model under other terms keeps a service of free models from starting', async () => {
  const start = RecognizerPool.start({ models: ['line-recognizer'], workers: 1, licence: 'free' });
  await expect(start).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining("'line-recognizer' is under the licence"),
  });
});
