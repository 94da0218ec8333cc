import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './lock-folder.ts';

let folder: string;
const lock = () => join(folder, 'in-use.lock');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('a folder is taken once, and free again when it was given back', async () => {
  const unlock = await lockFolder(join(folder, 'new'));
  await expect(lockFolder(join(folder, 'new'))).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
  await unlock();
  expect(await readdir(join(folder, 'new'))).toEqual([]);
  await (
    await lockFolder(join(folder, 'new'))
  )();
});

test('the lock of a process that lives holds, and that of one that was killed does not', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  await writeFile(lock(), JSON.stringify({ pid: child.pid, host: hostname(), started }));
  await expect(lockFolder(folder)).rejects.toMatchObject({
    code: 'FOLDER_IN_USE',
    message: expect.stringContaining(`process ${child.pid} on ${hostname()}`),
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (
    await lockFolder(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test('a process that got the number of an earlier one does not hold its lock', async () => {
  await writeFile(lock(), JSON.stringify({ pid: process.pid, host: hostname(), started: 'earlier' }));
  await (
    await lockFolder(folder)
  )();
});

test.skipIf(process.platform !== 'linux')('nor does another process that began at another time', async () => {
  await writeFile(lock(), JSON.stringify({ pid: process.ppid, host: hostname(), started: '0' }));
  await (
    await lockFolder(folder)
  )();
});

test.each([
  ['of another machine', JSON.stringify({ pid: 1, host: 'elsewhere.invalid', started: '1' })],
  ['that was cut short', ''],
])('a lock %s holds while it is touched', async (_, content) => {
  await writeFile(lock(), content);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock(), anHourAgo, anHourAgo);
  await (
    await lockFolder(folder)
  )();
});
