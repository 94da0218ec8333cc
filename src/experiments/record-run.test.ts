import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { TextRecognizerError } from '../errors.ts';
import { recordRun } from './record-run.ts';
import { changeRunRecord, readRunRecord } from './run-record.ts';

const recipe = {
  kind: 'character',
  name: 'a',
  stages: [{ name: 'first' }, { name: 'second' }],
} as unknown as Parameters<typeof recordRun>[1];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-run-'));
});

const finish = async () => ({ result: 1, end: { state: 'finished' } as const });
const fail = (error: Error) => recordRun(folder, recipe, () => Promise.reject(error)).catch(() => undefined);
const file = () => readFileSync(join(folder, 'run.json'), 'utf8');

test('says while the run continues which process it is, and at the end how it ended', async () => {
  const during = await recordRun(folder, recipe, async () => ({
    result: await readRunRecord(folder),
    end: { state: 'stopped' } as const,
  }));
  expect(during).toMatchObject({ stages: ['first', 'second'], process: { pid: process.pid, host: hostname() } });
  expect(during).not.toHaveProperty('ended');
  const after = await readRunRecord(folder);
  expect(after?.ended?.state).toBe('stopped');
  await recordRun(folder, recipe, finish);
  expect(await readRunRecord(folder)).toMatchObject({
    id: after?.id,
    started: after?.started,
    ended: { state: 'finished' },
  });
});

test('a run that fails says why', async () => {
  await fail(new Error('no data'));
  expect((await readRunRecord(folder))?.ended).toMatchObject({ state: 'failed', reason: 'no data' });
});

test('a run that is refused, as the folder is of another, leaves the record as it is', async () => {
  await recordRun(folder, recipe, finish);
  const before = file();
  await fail(new TextRecognizerError('CHECKPOINT_INVALID', 'other settings'));
  expect(file()).toBe(before);
});

test.runIf(process.platform === 'linux')('two processes do not share a record', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    const started = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')[19];
    await recordRun(folder, recipe, finish);
    await changeRunRecord(folder, { ended: undefined, process: { pid: child.pid!, host: hostname(), started } });
    const before = file();
    await expect(recordRun(folder, recipe, finish)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    expect(file()).toBe(before);
  } finally {
    child.kill();
  }
});
