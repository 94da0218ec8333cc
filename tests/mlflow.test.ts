import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { thisProcess } from '../src/files/running-process.ts';
import { epochLines, experimentOf, writeRun } from '../src/experiments/tracking/testing/write-run.ts';
import { syncRun } from '../src/experiments/trackers/sync-run.ts';
import { readModel } from '../src/models/model-store.ts';
import { rollbackModel } from '../src/experiments/promotion/model-registry.ts';
import { pullModel, pushModel } from '../src/experiments/promotion/share-model.ts';
import { hashesOf } from '../src/experiments/promotion/testing/hashes-of.ts';
import { writeRegistries } from '../src/experiments/promotion/testing/write-registries.ts';
import { freePort } from './support/free-port.ts';
import { startMlflow } from '../src/experiments/trackers/testing/mlflow-server.ts';
import { pythonWith } from '../src/experiments/trackers/testing/python-with.ts';

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

describe.skipIf(python === undefined)('the registry', () => {
  let folder: string;
  /** Two registries, with different models of one name. */
  let registries: string[];
  let digests: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mlflow-place-'));
    vi.stubEnv('MLFLOW_TRACKING_URI', mlflow.uri);
    ({ registries, digests } = await writeRegistries(folder));
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const hashes = (registry: string) => hashesOf(join(registry, 'mlp'));

  interface Version {
    readonly version: string;
    readonly status: string;
    readonly source: string;
    readonly description: string;
    readonly tags: readonly { readonly key: string; readonly value: string }[];
  }

  async function versionsOf(registered: string): Promise<readonly Version[]> {
    const filter = encodeURIComponent(`name = '${registered}'`);
    const answer = await fetch(`${mlflow.uri}/api/2.0/mlflow/model-versions/search?filter=${filter}`);
    const { model_versions } = (await answer.json()) as { model_versions: Version[] };
    return model_versions.toSorted((a, b) => Number(a.version) - Number(b.version));
  }

  /** Where the server keeps a file of a version. */
  const artifact = ({ source }: Version, file: string): string =>
    `${mlflow.uri}/api/2.0/mlflow-artifacts/artifacts/${source.replace(/^mlflow-artifacts:\/+/, '')}/${file}`;

  test('models become versions of a registered model, and arrive with the same bytes', async () => {
    for (const registry of registries) await pushModel(registry, 'mlp', 'mlflow:');
    const versions = await versionsOf('mlp');
    expect(versions).toMatchObject([
      { version: '1', status: 'READY', description: 'first', tags: [{ value: digests[0] }] },
      { version: '2', status: 'READY', description: 'second', tags: [{ value: digests[1] }] },
    ]);
    const { file } = (await readModel(join(registries[1], 'mlp'))).manifest;
    const served = await fetch(artifact(versions[1], file.name));
    expect(Buffer.from(await served.arrayBuffer()).equals(await readFile(join(registries[1], 'mlp', file.name)))).toBe(
      true,
    );

    const registry = join(folder, 'models');
    expect(await pullModel(registry, 'mlp', 'mlflow:')).toMatchObject({
      version: 1,
      digest: digests[1],
      source: `models:/mlp/2 at ${mlflow.uri}`,
    });
    expect(await hashes(registry)).toEqual(await hashes(registries[1]));
    expect(await pullModel(registry, 'mlp', 'mlflow:', digests[0])).toMatchObject({ version: 2, former: 1 });
    expect(await hashes(registry)).toEqual(await hashes(registries[0]));
    await rollbackModel(registry, 'mlp');
    expect(await hashes(registry)).toEqual(await hashes(registries[1]));
  });

  test('what is changed, missing, or another model is refused, and the installed one stays', async () => {
    const before = await hashes(registries[0]);
    const pull = (name = 'mlp') => pullModel(registries[0], name, 'mlflow:digits');
    await expect(pull()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await pushModel(registries[1], 'mlp', 'mlflow:digits');
    const [version] = await versionsOf('digits');
    await expect(pull('lenet')).rejects.toMatchObject({ code: 'MODEL_INVALID', message: /contains the model 'mlp'/ });
    await fetch(artifact(version, 'README.md'), { method: 'PUT', body: 'changed' });
    await expect(pull()).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', message: /README\.md.* was changed/ });
    await fetch(artifact(version, 'README.md'), { method: 'DELETE' });
    await expect(pull()).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', message: /README\.md.* is missing/ });
    await fetch(artifact(version, 'text-recognizer.json'), { method: 'PUT', body: '{}' });
    await expect(pull()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    expect(await hashes(registries[0])).toEqual(before);
  });

  test('a server that does not answer is named', async () => {
    const uri = `http://127.0.0.1:${await freePort()}`;
    vi.stubEnv('MLFLOW_TRACKING_URI', uri);
    for (const share of [pushModel, pullModel]) {
      const refused = expect(share(registries[0], 'mlp', 'mlflow:')).rejects;
      await refused.toMatchObject({ code: 'TRACKER_FAILED', message: expect.stringContaining(uri) as string });
    }
  });
});
