import { expect, test } from 'vitest';
import { TrainingRun } from '../training/testing/training-run.ts';
import { standardCallbacks } from './standard-callbacks.ts';

test('the samples of the machine are handed over before the file that they go to is closed', async () => {
  const run = new TrainingRun();
  const ends: string[] = [];
  for (const callback of standardCallbacks()) {
    await callback.onTrainStart?.(run);
    ends.push(callback.name);
    await callback.onTrainEnd?.(run);
  }
  expect(ends.indexOf('system-sampler')).toBeLessThan(ends.indexOf('json-lines'));
});
