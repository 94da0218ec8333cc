import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { epochReport, stepReport, TrainingRun } from '../testing/training-run.ts';
import { JsonLines } from './json-lines.ts';

function lines(run: TrainingRun, name = 'metrics.jsonl'): Record<string, unknown>[] {
  const text = readFileSync(join(run.folder, name), 'utf8');
  expect(text.endsWith('\n') || text === '').toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function stepsOf(run: TrainingRun): unknown[] {
  return lines(run).map(({ event, step }) => (event === 'step' ? step : event));
}

test('writes a line a step and a line an epoch, readable while the training continues', () => {
  const run = new TrainingRun();
  const callback = new JsonLines();
  callback.onTrainStart(run);
  callback.onStepEnd(stepReport(10));
  expect(lines(run)).toEqual([
    { event: 'step', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), ...stepReport(10) },
  ]);
  callback.onEpochEnd(epochReport(1, { loss: 0.5, valAccuracy: 0.875 }));
  callback.onTrainEnd();
  expect(lines(run)[1]).toMatchObject({ event: 'epoch', epoch: 1, metrics: { loss: 0.5, valAccuracy: 0.875 } });
});

test('names numbers that JSON does not have', () => {
  const run = new TrainingRun();
  const callback = new JsonLines();
  callback.onTrainStart(run);
  callback.onStepEnd(stepReport(1, { loss: NaN, gradientNorm: Infinity }));
  callback.onTrainEnd();
  expect(lines(run)[0]).toMatchObject({ loss: 'NaN', gradientNorm: 'Infinity' });
});

test('a resumed run takes back what came after the checkpoint, a half-written line included', () => {
  const run = new TrainingRun();
  const killed = new JsonLines();
  killed.onTrainStart(run);
  for (const step of [1, 2, 3]) killed.onStepEnd(stepReport(step));
  const checkpoint = JSON.parse(JSON.stringify(killed.state()));
  for (const step of [4, 5]) killed.onStepEnd(stepReport(step));
  killed.onEpochEnd(epochReport(1, { loss: 1 }));
  appendFileSync(join(run.folder, 'metrics.jsonl'), '{"event":"st');

  const resumed = new JsonLines();
  resumed.restore(checkpoint);
  resumed.onTrainStart(run);
  expect(stepsOf(run)).toEqual([1, 2, 3]);
  for (const step of [4, 5, 6]) resumed.onStepEnd(stepReport(step));
  expect(stepsOf(run)).toEqual([1, 2, 3, 4, 5, 6]);

  // A second resumption from what the resumed run said is as exact.
  const again = new JsonLines();
  again.restore(JSON.parse(JSON.stringify(resumed.state())));
  again.onTrainStart(run);
  again.write('note', { text: 'ends here' });
  expect(stepsOf(run)).toEqual([1, 2, 3, 4, 5, 6, 'note']);
});

test('keeps whole lines when the file is shorter than the checkpoint says', () => {
  const run = new TrainingRun();
  writeFileSync(join(run.folder, 'metrics.jsonl'), '{"event":"step","step":1}\n{"event":"step","st');
  const resumed = new JsonLines();
  resumed.restore({ bytes: 1000 });
  resumed.onTrainStart(run);
  resumed.onStepEnd(stepReport(2));
  expect(stepsOf(run)).toEqual([1, 2]);
});

test('a new run in an old folder sets the old lines aside', () => {
  const run = new TrainingRun();
  for (const epoch of [1, 2, 3]) {
    const callback = new JsonLines();
    callback.onTrainStart(run);
    callback.onEpochEnd(epochReport(epoch, {}));
    callback.onTrainEnd();
  }
  expect(lines(run)).toMatchObject([{ epoch: 3 }]);
  expect(lines(run, 'metrics.jsonl.1')).toMatchObject([{ epoch: 1 }]);
  expect(lines(run, 'metrics.jsonl.2')).toMatchObject([{ epoch: 2 }]);
});

test('writes at the given interval, and only during a training', () => {
  const run = new TrainingRun();
  expect(() => new JsonLines({ everySteps: 0 })).toThrow(/everySteps to be a whole number ≥ 1, not 0/);
  const callback = new JsonLines({ fileName: 'sparse.jsonl', everySteps: 5 });
  expect(() => callback.write('note', {})).toThrow(/sparse\.jsonl is open only from the start/);
  callback.onTrainStart(run);
  for (let step = 1; step <= 12; step++) callback.onStepEnd(stepReport(step));
  expect(lines(run, 'sparse.jsonl').map(({ step }) => step)).toEqual([5, 10]);
});
