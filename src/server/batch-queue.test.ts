import { expect, test } from 'vitest';
import { BatchQueue } from './batch-queue.ts';

test('a batch is due when it is full, or its first job has waited long enough', () => {
  const queue = new BatchQueue<string>(() => 3, 10);
  expect(queue.dueIn(0)).toBeUndefined();
  queue.add(0, 'a', 0);
  queue.add(0, 'b', 4);
  expect(queue.dueIn(4)).toBe(6);
  expect(queue.dueIn(25)).toBe(0);
  queue.add(0, 'c', 5);
  expect(queue.dueIn(5)).toBe(0);
  queue.add(0, 'd', 6);
  expect(queue.take()).toEqual({ model: 0, jobs: ['a', 'b', 'c'] });
  expect([queue.size, queue.dueIn(6)]).toEqual([1, 10]);
});

test('batches hold one model, the one that has waited longest first', () => {
  const queue = new BatchQueue<string>((model) => [8, 1][model], 10);
  queue.add(1, 'a', 0);
  queue.add(0, 'b', 1);
  queue.add(1, 'c', 2);
  queue.add(1, 'd', 2);
  queue.add(0, 'e', 3);
  queue.remove(1, 'a');
  queue.remove(1, 'a');
  expect(queue.size).toBe(4);
  expect(queue.take()).toEqual({ model: 0, jobs: ['b', 'e'] });
  // Of this model one is a batch.
  expect(queue.dueIn(2)).toBe(0);
  expect(queue.take()).toEqual({ model: 1, jobs: ['c'] });
  expect(queue.take()).toEqual({ model: 1, jobs: ['d'] });
  expect(queue.take()).toBeUndefined();
});
