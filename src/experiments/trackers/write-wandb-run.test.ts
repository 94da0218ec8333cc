import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { experimentOf, writeRun } from '../tracking/testing/write-run.ts';
import { syncRun } from './sync-run.ts';
import { pythonWith } from './testing/python-with.ts';
import { WandbReceiver } from './testing/wandb-receiver.ts';

const python = pythonWith('wandb');
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

const id = '00000000-0000-4000-8000-000000000001';
const name = `offline-run-20261128_100000-${id}`;
const file = `run-${id}.wandb`;

test.skipIf(python === undefined)('`wandb sync` reads the run and sends all of it', { timeout: 120_000 }, async () => {
  const folder = await write({ ended });
  const receiver = await WandbReceiver.start();
  try {
    await promisify(execFile)(join(dirname(python!), 'wandb'), ['sync', join(folder, 'wandb', name)], {
      cwd: folder,
      env: { ...process.env, ...receiver.env, HOME: folder },
    });
  } finally {
    await receiver.close();
  }
  const { runs, history, summary, files, end } = receiver;
  expect(runs[0]).toMatchObject({
    name: id,
    project: 'letters',
    displayName: 'seeds',
    tags: ['character', 'mlp'],
    commit: '0123456789abcdef0123456789abcdef01234567',
  });
  const config = JSON.parse(runs[0].config) as Record<string, { value: unknown }>;
  expect(config.training.value).toMatchObject({ seed: 7, schedule: { learningRate: 0.01 } });
  expect(config.environment.value).toMatchObject({ software: { node: '20.20.2' } });
  expect(history).toHaveLength(4);
  expect(history[1]).toEqual({
    'epoch/loss': 0.5,
    'trainer/step': 10,
    _step: 1,
    _timestamp: 1_795_860_061,
    _runtime: 61,
  });
  expect(summary).toMatchObject({ 'epoch/loss': 0.25, 'model/validation.accuracy': 0.75 });
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['curves.svg', 'experiment.json', 'model/model.json', 'run.json']),
  );
  expect(files['curves.svg'].toString()).toBe('<svg/>');
  expect(end).toEqual({ complete: true, exitcode: 0 });
});

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
