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
  expect(queue.take(noLimit)).toEqual({ lane: 0, jobs: ['a', 'b', 'c'], weight: 3 });
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
  expect(queue.take(noLimit)).toEqual({ lane: 0, jobs: ['b', 'e'], weight: 2 });
  // Of this lane one is a batch.
  expect(queue.dueIn(2, noLimit)).toBe(0);
  expect(queue.take(noLimit)).toEqual({ lane: 1, jobs: ['c'], weight: 1 });
  expect(queue.take(noLimit)).toEqual({ lane: 1, jobs: ['d'], weight: 1 });
  expect(queue.take(noLimit)).toBeUndefined();
});

test('a batch weighs no more than its lane has room for, and lanes without room are passed over', () => {
  const queue = new BatchQueue<string>(() => 8, 10);
  queue.add(1, 'heavy', 50, 0);
  for (const job of ['a', 'b', 'c']) queue.add(0, job, 4, 1);
  const roomOf = (lane: number) => [9, 49][lane];
  expect(queue.dueIn(1, roomOf)).toBe(10);
  expect(queue.take(roomOf)).toEqual({ lane: 0, jobs: ['a', 'b'], weight: 8 });
  expect(queue.take(() => 3)).toBeUndefined();
  expect(queue.dueIn(99, () => 3)).toBeUndefined();
  expect(queue.take(noLimit)).toEqual({ lane: 1, jobs: ['heavy'], weight: 50 });
  expect(queue.take(noLimit)).toEqual({ lane: 0, jobs: ['c'], weight: 4 });
});
