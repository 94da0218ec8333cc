import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experimentOf, writeRun } from '../tracking/testing/write-run.ts';
import { syncRun } from './sync-run.ts';
import { pythonWith } from './testing/python-with.ts';

const python = pythonWith('wandb.sdk.internal.datastore');

/** Reads a file with W&B's own package, and prints each record as JSON. */
const READ = `
import json, sys, wandb
wandb._assert_is_internal_process = True
from google.protobuf.json_format import MessageToDict
from wandb.proto import wandb_internal_pb2
from wandb.sdk.internal.datastore import DataStore
store = DataStore()
store.open_for_scan(sys.argv[1])
while (data := store.scan_data()) is not None:
    record = wandb_internal_pb2.Record()
    record.ParseFromString(data)
    print(json.dumps(MessageToDict(record)))
`;

const ended = { time: '2026-11-28T10:04:00.000Z', state: 'finished' };

async function write(record: object): Promise<string> {
  const folder = writeRun(mkdtempSync(join(tmpdir(), 'wandb-run-')), 'seeds', {
    experiment: experimentOf(0.01, 7),
    record,
    epochs: [{ loss: 0.5 }, { loss: 0.25 }],
    figures: { validation: { accuracy: 0.75 } },
  });
  writeFileSync(join(folder, 'curves.svg'), '<svg/>');
  await syncRun(folder, 'wandb', { WANDB_PROJECT: 'letters' });
  return folder;
}

const name = 'offline-run-20261128_100000-00000000-0000-4000-8000-000000000001';
const file = `run-00000000-0000-4000-8000-000000000001.wandb`;

test.skipIf(python === undefined)('W&B’s own package reads the run', { timeout: 60_000 }, async () => {
  const folder = await write({ ended });
  const output = execFileSync(python!, ['-c', READ, join(folder, 'wandb', name, file)], { encoding: 'utf8' });
  const records = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(records.map(({ num }) => num)).toEqual(records.map((_, i) => String(i + 1)));
  expect(records[1].run).toMatchObject({
    runId: '00000000-0000-4000-8000-000000000001',
    project: 'letters',
    displayName: 'seeds',
    tags: ['character', 'mlp'],
    startTime: '2026-11-28T10:00:00Z',
    git: { commit: '0123456789abcdef0123456789abcdef01234567' },
  });
  const config = Object.fromEntries(
    records[1].run.config.update.map(({ key, valueJson }: Record<string, string>) => [key, JSON.parse(valueJson)]),
  );
  expect(config.training).toMatchObject({ seed: 7, schedule: { learningRate: 0.01 } });
  const history = records.filter((record) => record.history).map(({ history }) => valuesOf(history.item));
  expect(history).toHaveLength(4);
  expect(history[1]).toEqual({
    'epoch/loss': 0.5,
    'trainer/step': 10,
    _step: 1,
    _timestamp: 1_795_860_061,
    _runtime: 61,
  });
  const { summary } = records.find((record) => record.summary);
  expect(valuesOf(summary.update)).toMatchObject({ 'epoch/loss': 0.25, 'model/validation.accuracy': 0.75 });
  expect(records.at(-1)).toMatchObject({ exit: { runtime: 240 } });
});

function valuesOf(items: readonly { nestedKey: [string]; valueJson: string }[]): Record<string, unknown> {
  return Object.fromEntries(items.map(({ nestedKey, valueJson }) => [nestedKey[0], JSON.parse(valueJson)]));
}

test('a run that has changed is written anew, with its drawings beside it', async () => {
  const folder = await write({});
  const path = join(folder, 'wandb', name, file);
  const first = readFileSync(path);
  await syncRun(folder, 'wandb', {});
  expect(readFileSync(path)).toEqual(first);
  writeRun(folder, '.', { record: { ended } });
  await syncRun(folder, 'wandb', { WANDB_PROJECT: 'letters' });
  expect(readFileSync(path).length).toBeGreaterThan(first.length);
  expect(readdirSync(join(folder, 'wandb', name)).sort()).toEqual(['files', file]);
  expect(readdirSync(join(folder, 'wandb', name, 'files')).sort()).toEqual([
    'curves.svg',
    'experiment.json',
    'model',
    'run.json',
  ]);
});

test('a folder in which nothing has begun is left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wandb-run-'));
  mkdirSync(join(folder, 'model'));
  await syncRun(folder, 'wandb', {});
  expect(readdirSync(folder)).toEqual(['model']);
});
