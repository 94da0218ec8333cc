import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { beforeEach, expect, test } from 'vitest';
import { lockFolder } from '../../files/lock-folder.ts';
import { thisProcess } from '../../files/running-process.ts';
import { openRunIndex, RunIndex } from './run-index.ts';
import { epochLines, experimentOf, writeRun } from './testing/write-run.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'run-index-'));
});

const ended = { time: '2026-11-28T11:00:00.000Z', state: 'finished' } as const;

test('says of each run what its folder says', async () => {
  writeRun(root, 'sweep/rate-0.01', {
    experiment: experimentOf(0.01, 7),
    record: { ended, monitor: { metric: 'valAccuracy', mode: 'max' } },
    epochs: [{ valAccuracy: 0.5 }, { valAccuracy: 0.75 }],
    figures: { validation: { accuracy: 0.75 } },
  });
  const [run] = (await openRunIndex(root)).runs;
  expect(run).toMatchObject({
    id: 'sweep/rate-0.01',
    group: 'sweep',
    model: 'mlp',
    kind: 'character',
    network: 'mlp',
    state: 'finished',
    started: '2026-11-28T10:00:00.000Z',
    updated: '2026-11-28T11:00:00.000Z',
    figures: { 'validation.accuracy': 0.75 },
    monitor: { metric: 'valAccuracy', mode: 'max' },
  });
  expect(run.settings).toEqual({
    'network.name': 'mlp',
    'data.train.0': 'emnist',
    'training.epochs': 3,
    'training.optimizer.kind': 'adamw',
    'training.schedule.kind': 'constant',
    'training.schedule.learningRate': 0.01,
    'training.seed': 7,
  });
});

test('finds runs at any depth; what is inside a run is its own, and hidden folders are skipped', async () => {
  for (const id of ['a', 'b/c/d', 'b/c/d/inner', '.trash/e']) writeRun(root, id, { epochs: [{ loss: 1 }] });
  expect((await openRunIndex(root)).runs.map(({ id }) => id)).toEqual(['a', 'b/c/d']);
});

test('of a run with stages, the last that has begun counts', async () => {
  const folder = writeRun(root, 'staged', { record: { stages: ['first', 'second', 'third'] } });
  writeRun(join(folder, 'stages'), 'first', { experiment: experimentOf(0.1), epochs: [{ valLoss: 1 }] });
  writeRun(join(folder, 'stages'), 'second', {
    experiment: experimentOf(0.2),
    epochs: [{ valLoss: 2 }, { valLoss: 3 }],
  });
  const run = (await openRunIndex(root)).run('staged');
  expect(run.stages).toEqual(['first', 'second']);
  expect(run.settings['training.schedule.learningRate']).toBe(0.2);
  expect(run.log).toMatchObject({ epoch: 2, metrics: { valLoss: { min: 2 } } });
});

test('follows what changes: new lines, new runs, runs that are gone', async () => {
  const folder = writeRun(root, 'one', { epochs: [{ valLoss: 1 }] });
  writeRun(root, 'two', { epochs: [{ valLoss: 1 }] });
  const index = await openRunIndex(root);
  const { version } = index;
  await index.refresh();
  expect(index.version).toBe(version);
  appendFileSync(join(folder, 'metrics.jsonl'), epochLines({ valLoss: 0.5 }, 1));
  rmSync(join(root, 'two'), { recursive: true });
  writeRun(root, 'three', { epochs: [] });
  await index.refresh();
  expect(index.version).toBe(version + 1);
  expect(index.runs.map(({ id, log }) => [id, log.epoch])).toEqual([
    ['one', 2],
    ['three', 0],
  ]);
});

test('what was saved is what the next program begins with, and other programs can ask it with SQL', async () => {
  for (const [id, valLoss] of [
    ['a', 0.5],
    ['b', 0.25],
  ] as const)
    writeRun(root, id, { epochs: [{ valLoss }] });
  const { runs } = await openRunIndex(root);
  expect((await RunIndex.open(root)).runs).toEqual(runs);
  const database = new sqlite.Database(join(root, '.index.sqlite'));
  const least =
    "SELECT id, json_extract(summary, '$.log.metrics.valLoss.min') AS least FROM runs ORDER BY least LIMIT 1";
  expect(database.get(least)).toEqual({ id: 'b', least: 0.25 });
  database.close();
});

test.each([
  ['lost', () => rmSync(join(root, '.index.sqlite'))],
  ['no database', () => writeFileSync(join(root, '.index.sqlite'), 'this is not a database'.repeat(1000))],
  ['cut short', () => writeFileSync(join(root, '.index.sqlite'), 'SQLite format 3\0')],
])('an index that is %s is made again from the folders', async (_, damage) => {
  writeRun(root, 'a', { epochs: [{ valLoss: 0.5 }] });
  const { runs } = await openRunIndex(root);
  damage();
  expect((await openRunIndex(root)).runs).toEqual(runs);
  expect((await RunIndex.open(root)).runs).toEqual(runs);
});

test('tells runs that continue from those whose process was killed', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const dead = { pid, host: hostname(), started: '1' };
  const elsewhere = { pid: 1, host: 'elsewhere.invalid', started: '1' };
  writeRun(root, 'alive', { record: { process: await thisProcess() }, epochs: [{}] });
  writeRun(root, 'killed', { record: { process: dead }, epochs: [{}] });
  writeRun(root, 'lively-elsewhere', { record: { process: elsewhere }, epochs: [{}] });
  const silent = writeRun(root, 'silent-elsewhere', { record: { process: elsewhere }, epochs: [{}] });
  utimesSync(join(silent, 'metrics.jsonl'), 1, 1);
  writeRun(root, 'failed', { record: { ended: { ...ended, state: 'failed', reason: 'no data' } } });
  writeRun(root, 'old-finished', { epochs: [{}], figures: { validation: { accuracy: 1 } } });
  const unlock = await lockFolder(writeRun(root, 'old-running', { epochs: [{}] }));
  const index = await openRunIndex(root);
  expect(Object.fromEntries(index.runs.map(({ id, state }) => [id, state]))).toEqual({
    alive: 'running',
    failed: 'failed',
    killed: 'stopped',
    'lively-elsewhere': 'running',
    'old-finished': 'finished',
    'old-running': 'running',
    'silent-elsewhere': 'stopped',
  });
  await unlock();
  await index.refresh();
  expect(index.run('old-running').state).toBe('stopped');
});

test('files that are damaged or half written say nothing, and stop nothing', async () => {
  const folder = writeRun(root, 'damaged', { epochs: [{ valLoss: 0.5 }] });
  for (const name of ['run.json', 'experiment.json']) writeFileSync(join(folder, name), '{"id": ');
  expect((await openRunIndex(root)).run('damaged')).toMatchObject({
    state: 'stopped',
    kind: 'unknown',
    log: { epoch: 1 },
  });
});

test('a run is found by its id and by its folder; errors say what to do', async () => {
  writeRun(root, 'sweep/a', { epochs: [{}] });
  const index = await openRunIndex(root);
  for (const name of ['sweep/a', 'sweep/a/', join(root, 'sweep', 'a')]) expect(index.run(name).id).toBe('sweep/a');
  expect(() => index.run('b')).toThrow(`There is no run 'b' in ${root}; list all runs with: experiments list.`);
  await expect(openRunIndex(join(root, 'missing'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  expect(existsSync(join(root, 'missing'))).toBe(false);
});
