import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { deviceSlots } from './device-slots.ts';

test('each run has cores of its own', async () => {
  expect(await deviceSlots({ workers: 2, threads: 2, lockRoot: 'locks' })).toEqual([
    { label: 'cores 0-1', locks: ['locks/core-0', 'locks/core-1'], threads: 2, env: {} },
    { label: 'cores 2-3', locks: ['locks/core-2', 'locks/core-3'], threads: 2, env: {} },
  ]);
});

test('there is one run for each core unless told otherwise', async () => {
  const slots = await deviceSlots({});
  expect(slots.map(({ threads }) => threads)).toEqual(Array.from({ length: availableParallelism() }, () => 1));
  expect(await deviceSlots({ workers: 1 })).toMatchObject([{ threads: availableParallelism() }]);
});
