import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { epochReport, TrainingRun } from '../testing/training-run.ts';
import { KeepBest } from './keep-best.ts';

/** Trains epochs with weights named after the epoch; what `best.bin` holds after each. */
async function bestAfterEach(
  callback: KeepBest,
  run: TrainingRun,
  values: readonly number[],
  first = 1,
): Promise<string[]> {
  const kept: string[] = [];
  for (const [index, valAccuracy] of values.entries()) {
    run.weights = `weights of epoch ${first + index}`;
    await callback.onEpochEnd(epochReport(first + index, { valAccuracy }), run);
    kept.push(readFileSync(join(run.folder, 'best.bin'), 'utf8').replace('weights of epoch ', ''));
  }
  return kept;
}

test('keeps the weights of the best epoch, the first of equals, and never those of a NaN', async () => {
  const callback = new KeepBest({ metric: 'valAccuracy', mode: 'max' });
  expect(callback.best).toBeUndefined();
  const kept = await bestAfterEach(callback, new TrainingRun(), [0.5, 0.8, 0.7, NaN, 0.8, 0.9]);
  expect(kept).toEqual(['1', '2', '2', '2', '2', '6']);
  expect(callback.best).toEqual({ epoch: 6, value: 0.9 });
});

test('a restored one knows what it has to beat', async () => {
  const run = new TrainingRun();
  const before = new KeepBest({ metric: 'valAccuracy', mode: 'max' });
  const empty = before.state();
  await bestAfterEach(before, run, [0.5, 0.8]);
  const after = new KeepBest({ metric: 'valAccuracy', mode: 'max' });
  after.restore(JSON.parse(JSON.stringify(before.state())));
  expect(await bestAfterEach(after, run, [0.7, 0.81], 3)).toEqual(['2', '4']);
  after.restore(empty);
  expect(after.best).toBeUndefined();
});

test('does not take an epoch for the best when its weights could not be saved', async () => {
  const callback = new KeepBest({ metric: 'valLoss', mode: 'min' });
  const file = join(new TrainingRun().folder, 'a file');
  writeFileSync(file, '');
  const run = new TrainingRun(join(file, 'no folder'));
  await expect(callback.onEpochEnd(epochReport(1, { valLoss: 1 }), run)).rejects.toThrow();
  expect(callback.best).toBeUndefined();
});
