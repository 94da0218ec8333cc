import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collectGarbage, IdleCollector } from './idle-collector.ts';

const mebibyte = 2 ** 20;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('garbage is collected once, a second after the last of 16 MiB was let go', () => {
  const collected: number[] = [];
  const collector = new IdleCollector(() => collected.push(Date.now()));
  const started = Date.now();
  collector.release(15 * mebibyte);
  vi.advanceTimersByTime(5000);
  expect(collected).toEqual([]);
  collector.release(mebibyte);
  vi.advanceTimersByTime(900);
  collector.release(100);
  vi.advanceTimersByTime(999);
  expect(collected).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(collected.map((time) => time - started)).toEqual([6900]);
});

test('a collection gives back memory that nothing holds', async () => {
  vi.useRealTimers();
  const { arrayBuffers } = await holdForAMoment(64 * mebibyte);
  collectGarbage();
  // The memory is freed by another thread, soon.
  for (let tries = 0; process.memoryUsage().arrayBuffers > arrayBuffers - 60 * mebibyte && tries < 200; tries++) {
    await sleep(10);
  }
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(arrayBuffers - 60 * mebibyte);
});

/** What Node uses while it holds so many bytes. */
async function holdForAMoment(bytes: number): Promise<NodeJS.MemoryUsage> {
  const held = new Uint8Array(bytes).fill(1);
  await sleep(1);
  return held[0] === 1 ? process.memoryUsage() : expect.unreachable();
}
