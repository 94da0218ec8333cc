import { expect, test } from 'vitest';
import { BatchQueue } from './batch-queue.ts';

const noLimit = () => Infinity;

test('a batch is due when it is full, or its first job has waited long enough', () => {
  const queue = new BatchQueue<string>(() => 3, 10);
  expect(queue.dueIn(0, noLimit)).toBeUndefined();
  queue.add(0, 'a', 1, 0);
  queue.add(0, 'b', 1, 4);
  expect(queue.dueIn(4, noLimit)).toBe(6);
  expect(queue.dueIn(25, noLimit)).toBe(0);
  queue.add(0, 'c', 1, 5);
  expect(queue.dueIn(5, noLimit)).toBe(0);
  queue.add(0, 'd', 1, 6);
  expect(queue.take(20, noLimit)).toEqual({ lane: 0, jobs: ['a', 'b', 'c'], weight: 3 });
  expect([queue.size, queue.dueIn(6, noLimit)]).toEqual([1, 10]);
});

test('batches hold one lane, the one that has waited longest first', () => {
  const queue = new BatchQueue<string>((lane) => [8, 1][lane], 10);
  queue.add(1, 'a', 1, 0);
  queue.add(0, 'b', 1, 1);
  queue.add(1, 'c', 1, 2);
  queue.add(1, 'd', 1, 2);
  queue.add(0, 'e', 1, 3);
  expect([queue.remove(1, 'a'), queue.remove(1, 'a')]).toEqual([true, false]);
  expect(queue.size).toBe(4);
  expect(queue.take(20, noLimit)).toEqual({ lane: 0, jobs: ['b', 'e'], weight: 2 });
  // Of this lane one is a batch.
  expect(queue.dueIn(2, noLimit)).toBe(0);
  expect(queue.take(20, noLimit)).toEqual({ lane: 1, jobs: ['c'], weight: 1 });
  expect(queue.take(20, noLimit)).toEqual({ lane: 1, jobs: ['d'], weight: 1 });
  expect(queue.take(20, noLimit)).toBeUndefined();
});

test('what is quick overtakes what is slow, until that has waited long for its time', () => {
  const queue = new BatchQueue<string>(() => 1, 10);
  const [quick, slow] = [0, 1];
  queue.took(quick, 20);
  queue.took(slow, 1000);
  // By hand: 1000 + 0.2 · (500 − 1000).
  queue.took(slow, 500);
  queue.add(slow, 'page', 1, 0);
  for (const [job, since] of [
    ['a', 880],
    ['b', 990],
  ] as const)
    queue.add(quick, job, 1, since);
  // 900 / 900 = 1 against 20 / 20 = 1 and a little more.
  expect(queue.take(901, noLimit)?.jobs).toEqual(['a']);
  // 995 / 900 against 5 / 20.
  expect(queue.take(995, noLimit)?.jobs).toEqual(['page']);
  expect(queue.take(995, noLimit)?.jobs).toEqual(['b']);
});

test('a batch weighs no more than its lane has room for, and lanes without room are passed over', () => {
  const queue = new BatchQueue<string>(() => 8, 10);
  queue.add(1, 'heavy', 50, 0);
  for (const job of ['a', 'b', 'c']) queue.add(0, job, 4, 1);
  const roomOf = (lane: number) => [9, 49][lane];
  expect(queue.dueIn(1, roomOf)).toBe(10);
  expect(queue.take(20, roomOf)).toEqual({ lane: 0, jobs: ['a', 'b'], weight: 8 });
  expect(queue.take(20, () => 3)).toBeUndefined();
  expect(queue.dueIn(99, () => 3)).toBeUndefined();
  expect(queue.take(20, noLimit)).toEqual({ lane: 1, jobs: ['heavy'], weight: 50 });
  expect(queue.take(20, noLimit)).toEqual({ lane: 0, jobs: ['c'], weight: 4 });
});
