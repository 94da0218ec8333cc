import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Session } from '../runtime/session.ts';
import { spreadIndices } from '../tasks/samples.ts';
import { epochReport, TrainingRun } from '../training/testing/training-run.ts';
import { readPredictions } from './dashboard/read-predictions.ts';
import { PredictionLog } from './prediction-log.ts';

const noSession = {} as Session;

function log(readings: readonly string[][]): PredictionLog {
  const remaining = [...readings];
  return new PredictionLog({
    texts: ['cat', 'dog'],
    pictures: async () => [Buffer.from('cat.png'), Buffer.from('dog.png')],
    read: async () => remaining.shift()!,
  });
}

const items = [
  { image: 'predictions/0.png', text: 'cat' },
  { image: 'predictions/1.png', text: 'dog' },
];

test('the items and what was read in them after each epoch; a resumed run goes on after its checkpoint', async () => {
  const run = new TrainingRun();
  const first = log([
    ['c', 'd'],
    ['lost', 'lost'],
  ]);
  await first.onTrainStart(run);
  await first.read(noSession);
  first.onEpochEnd(epochReport(1, {}));
  const saved = first.state();
  await first.read(noSession);
  first.onEpochEnd(epochReport(2, {}));
  first.onTrainEnd();

  const second = log([['cat', 'dog']]);
  second.restore(saved);
  await second.onTrainStart(run);
  await second.read(noSession);
  second.onEpochEnd(epochReport(2, {}));
  second.onTrainEnd();
  expect(await readPredictions(run.folder, [])).toEqual({
    items,
    epochs: [
      { epoch: 1, predicted: ['c', 'd'] },
      { epoch: 2, predicted: ['cat', 'dog'] },
    ],
  });
  expect(readFileSync(join(run.folder, 'predictions/1.png'), 'utf8')).toBe('dog.png');
});

test('a run without predictions has none', async () => {
  expect(await readPredictions(new TrainingRun().folder, ['letters'])).toEqual({ items: [], epochs: [] });
});

test('items are taken evenly', () => {
  expect(spreadIndices(10, 4)).toEqual([0, 2, 5, 7]);
  expect(spreadIndices(2, 4)).toEqual([0, 1]);
});
