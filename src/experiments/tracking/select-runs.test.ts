import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { rankRuns } from './best-runs.ts';
import { compareRuns } from './compare-runs.ts';
import { openRunIndex } from './run-index.ts';
import type { RunSummary } from './run-summary.ts';
import { bestOf, fieldNames, requireFields, runValue } from './run-value.ts';
import { parseCondition, selectRuns } from './select-runs.ts';
import { experimentOf, writeRun } from './testing/write-run.ts';

let runs: readonly RunSummary[];
beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'select-runs-'));
  const monitor = { metric: 'valCer', mode: 'min' };
  writeRun(root, 'slow', {
    experiment: experimentOf(0.001),
    record: { monitor },
    epochs: [{ valCer: 0.3 }, { valCer: 0.1 }],
  });
  writeRun(root, 'fast', {
    experiment: experimentOf(0.1, 2),
    record: { monitor, started: '2026-11-28T12:00:00.000Z', software: { node: '22.1.0' } },
    epochs: [
      { valCer: 0.05, accuracy: 0.5 },
      { valCer: 0.2, accuracy: 0.25 },
    ],
    figures: { test: { cer: 0.07 } },
  });
  writeRun(root, 'begun', { experiment: experimentOf(0.01), record: { monitor, started: '2026-11-28T11:00:00.000Z' } });
  ({ runs } = await openRunIndex(root));
});

const ids = (selected: readonly RunSummary[]) => selected.map(({ id }) => id);
const where = (...texts: string[]) => ids(selectRuns(runs, { where: texts.map(parseCondition), sort: 'run' }));
const byId = (id: string) => runs.find((run) => run.id === id)!;

test('a metric counts at its best epoch, which is the least or the greatest by its name or as the run says', () => {
  expect(bestOf(byId('fast'), 'valCer')).toEqual({ value: 0.05, epoch: 1 });
  expect(bestOf(byId('fast'), 'accuracy')).toEqual({ value: 0.5, epoch: 1 });
  expect(bestOf({ ...byId('fast'), monitor: { metric: 'valCer', mode: 'max' } }, 'valCer')).toEqual({
    value: 0.2,
    epoch: 2,
  });
  expect(runValue(byId('fast'), 'last.valCer')).toBe(0.2);
  expect(runValue(byId('fast'), 'test.cer')).toBe(0.07);
  expect(runValue(byId('fast'), 'constructor')).toBeUndefined();
});

test('conditions on metrics, settings, figures and text', () => {
  expect(where('valCer<=0.1')).toEqual(['fast', 'slow']);
  expect(where('valCer < 0.1')).toEqual(['fast']);
  expect(where('training.schedule.learningRate>=0.01', 'seed=1')).toEqual(['begun']);
  expect(where('run~AS')).toEqual(['fast']);
  expect(where('run!=fast')).toEqual(['begun', 'slow']);
  expect(where('test.cer>0')).toEqual(['fast']);
  expect(where('test.cer!=0')).toEqual(['begun', 'fast', 'slow']);
  expect(where('started>2026-11-28T11')).toEqual(['begun', 'fast']);
  expect(() => parseCondition('valCer')).toThrow(/'valCer' is not a condition: write a field, one of/);
});

test('sorts either way, runs without the field last; the newest first unless told', () => {
  expect(ids(selectRuns(runs, {}))).toEqual(['fast', 'begun', 'slow']);
  expect(ids(selectRuns(runs, { sort: 'valCer' }))).toEqual(['fast', 'slow', 'begun']);
  expect(ids(selectRuns(runs, { sort: 'valCer', descending: true }))).toEqual(['slow', 'fast', 'begun']);
});

test('ranks by what the runs keep their best epoch by, or by any other number', () => {
  const { metric, ranking } = rankRuns(runs);
  expect([metric, ...ranking.map(({ run, value }) => [run.id, value])]).toEqual([
    'valCer',
    ['fast', 0.05],
    ['slow', 0.1],
  ]);
  expect(rankRuns(runs, { metric: 'valCer', mode: 'max' }).ranking[0].run.id).toBe('slow');
  expect(() => rankRuns(runs, { metric: 'wer' })).toThrow(
    "None of the 3 runs has a 'wer'; there are accuracy, valCer, test.cer.",
  );
  const others = runs.map((run) => ({ ...run, monitor: undefined }));
  expect(() => rankRuns(others)).toThrow('The 3 runs say no metric to go by: name one with --metric.');
});

test('compares: settings that differ, all figures, what the runs were made with', () => {
  expect(compareRuns([byId('slow'), byId('fast')])).toEqual({
    settings: [
      { field: 'training.schedule.learningRate', values: [0.001, 0.1] },
      { field: 'training.seed', values: [1, 2] },
    ],
    metrics: [
      { field: 'accuracy', values: [undefined, 0.5] },
      { field: 'valCer', values: [0.1, 0.05] },
    ],
    figures: [{ field: 'test.cer', values: [undefined, 0.07] }],
    environment: [{ field: 'node', values: ['20.20.2', '22.1.0'] }],
  });
});

test('names all fields', () => {
  const { metrics, figures } = fieldNames(runs);
  expect({ metrics, figures }).toEqual({ metrics: ['accuracy', 'valCer'], figures: ['test.cer'] });
});

test('refuses a field that no run has, with the names of all', () => {
  requireFields(runs, ['run', 'reason', 'valCer', 'last.accuracy', 'training.seed', 'test.cer']);
  requireFields([], ['wer']);
  expect(() => requireFields(runs, ['valCer', 'wer'])).toThrow(
    /^None of the 3 runs has a 'wer'; there are run, group, .*, valCer, .*training\.seed, .*test\.cer, and last\.METRIC/,
  );
  expect(() => requireFields(runs, ['last.wer'])).toThrow("has a 'last.wer'");
  expect(() => requireFields(runs, ['constructor'])).toThrow("has a 'constructor'");
});
