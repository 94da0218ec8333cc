import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { thisProcess } from '../../files/running-process.ts';
import { epochLines, experimentOf, writeRun } from '../tracking/testing/write-run.ts';
import { syncRun } from './sync-run.ts';
import { freePort } from '../../../tests/support/free-port.ts';
import { startMlflow } from './testing/mlflow-server.ts';
import { pythonWith } from './testing/python-with.ts';

const python = pythonWith('mlflow.server');
const ended = { time: '2026-11-28T10:04:00.000Z', state: 'finished' };

let mlflow: Awaited<ReturnType<typeof startMlflow>>;
beforeAll(async () => {
  if (python) mlflow = await startMlflow(python);
}, 240_000);
afterAll(async () => {
  await mlflow?.stop();
});

interface Entry {
  readonly key: string;
  readonly value: unknown;
}

interface Run {
  readonly info: Readonly<Record<string, unknown>> & { readonly run_id: string; readonly artifact_uri: string };
  readonly data: { readonly params: Entry[]; readonly tags: Entry[]; readonly metrics: Entry[] };
}

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${mlflow.uri}/api/2.0/${path}`, init);
  return (await answer.json()) as Answer;
}

/** The only run of an experiment, as MLflow has it. */
async function onlyRun(experiment: string): Promise<Run> {
  const found = await ask<{ experiment: { experiment_id: string } }>(
    `mlflow/experiments/get-by-name?experiment_name=${experiment}`,
  );
  const { runs } = await ask<{ runs: Run[] }>('mlflow/runs/search', {
    experiment_ids: [found.experiment.experiment_id],
  });
  expect(runs).toHaveLength(1);
  return runs[0];
}

async function history(runId: string, metric: string): Promise<readonly { step: number; value: number }[]> {
  const { metrics } = await ask<{ metrics: { step: number; value: number }[] }>(
    `mlflow/metrics/get-history?run_id=${runId}&metric_key=${encodeURIComponent(metric)}&max_results=5000`,
  );
  return metrics.map(({ step, value }) => ({ step, value }));
}

function valuesOf(entries: readonly Entry[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

test.skipIf(python === undefined)(
  'what a server missed is sent later, each line once',
  { timeout: 60_000 },
  async () => {
    const folder = writeRun(mkdtempSync(join(tmpdir(), 'mlflow-run-')), 'first', {
      experiment: experimentOf(0.01, 7),
      record: { process: await thisProcess() },
      epochs: [{ loss: 0.5, valAccuracy: 0.25 }],
    });
    const down = { MLFLOW_TRACKING_URI: `http://127.0.0.1:${await freePort()}`, MLFLOW_EXPERIMENT_NAME: 'later' };
    await expect(syncRun(folder, 'mlflow', down)).rejects.toMatchObject({ code: 'TRACKER_FAILED' });

    const up = { ...down, MLFLOW_TRACKING_URI: mlflow.uri };
    await syncRun(folder, 'mlflow', up);
    expect((await onlyRun('later')).info).toMatchObject({ run_name: 'first', status: 'RUNNING' });

    appendFileSync(
      join(folder, 'metrics.jsonl'),
      epochLines({ loss: 'NaN' as unknown as number, valAccuracy: 0.5 }, 1),
    );
    writeRun(folder, '.', { record: { ended }, figures: { validation: { accuracy: 0.75 } } });
    writeFileSync(join(folder, 'model', 'card of it.md'), '# mlp\n');
    mkdirSync(join(folder, 'checkpoints'));
    writeFileSync(join(folder, 'checkpoints', 'latest.bin'), 'not sent');
    // As if the process had been killed before it could note which run it had begun.
    rmSync(join(folder, 'trackers'), { recursive: true });
    await syncRun(folder, 'mlflow', up);

    const { info, data } = await onlyRun('later');
    expect(info).toMatchObject({ status: 'FINISHED', start_time: 1_795_860_000_000, end_time: 1_795_860_240_000 });
    expect(valuesOf(data.params)).toMatchObject({ 'training.seed': '7', 'training.schedule.learningRate': '0.01' });
    expect(valuesOf(data.tags)).toMatchObject({
      'mlflow.source.git.commit': '0123456789abcdef0123456789abcdef01234567',
      'text-recognizer.run': '00000000-0000-4000-8000-000000000001',
      'text-recognizer.state': 'finished',
    });
    expect(valuesOf(data.metrics)).toMatchObject({ 'epoch/valAccuracy': 0.5, 'model/validation.accuracy': 0.75 });
    expect(await history(info.run_id, 'epoch/valAccuracy')).toEqual([
      { step: 10, value: 0.25 },
      { step: 20, value: 0.5 },
    ]);
    expect(await history(info.run_id, 'epoch/loss')).toEqual([
      { step: 10, value: 0.5 },
      { step: 20, value: 'NaN' },
    ]);
    const artifacts = `mlflow-artifacts/artifacts`;
    const root = info.artifact_uri.replace('mlflow-artifacts:/', '');
    const { files } = await ask<{ files: { path: string }[] }>(`${artifacts}?path=${root}`);
    expect(files.map(({ path }) => path).sort()).toEqual(['experiment.json', 'metrics.jsonl', 'model', 'run.json']);
    const card = await fetch(`${mlflow.uri}/api/2.0/${artifacts}/${root}/model/card%20of%20it.md`);
    expect(await card.text()).toBe('# mlp\n');
  },
);

test.skipIf(python === undefined)('a long log goes in batches that MLflow takes', { timeout: 120_000 }, async () => {
  const folder = writeRun(mkdtempSync(join(tmpdir(), 'mlflow-run-')), 'long', { record: { ended } });
  const lines = Array.from({ length: 501 }, (_, i) =>
    JSON.stringify({
      event: 'step',
      time: '2026-11-28T10:00:01.000Z',
      step: i + 1,
      loss: i,
      learningRate: 1,
      gradientNorm: 2,
    }),
  );
  writeFileSync(join(folder, 'metrics.jsonl'), `${lines.join('\n')}\n`);
  // More settings than go into one batch, too.
  const training = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`setting${i}`, i]));
  writeFileSync(join(folder, 'experiment.json'), JSON.stringify({ kind: 'line', training }));
  const variables = { MLFLOW_TRACKING_URI: mlflow.uri, MLFLOW_EXPERIMENT_NAME: 'long' };
  await syncRun(folder, 'mlflow', variables);
  const { info, data } = await onlyRun('long');
  const losses = await history(info.run_id, 'step/loss');
  expect(losses.map(({ step }) => step)).toEqual(Array.from({ length: 501 }, (_, i) => i + 1));
  expect(losses[500].value).toBe(500);
  expect(valuesOf(data.params)).toMatchObject({ 'training.setting0': '0', 'training.setting149': '149' });
});
