import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdFolders, removeStaleLock } from './hold-folders.ts';

let folder: string;
const never = new AbortController().signal;

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'hold-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const locks = () => ['a', 'b'].map((name) => existsSync(join(folder, name, 'in-use.lock')));

test('who comes second gets the folders when the first has given them back', async () => {
  const folders = [join(folder, 'a'), join(folder, 'b')];
  const giveBack = await holdFolders(folders, never);
  const order: string[] = [];
  const second = holdFolders(folders, never).then(async (giveBack) => {
    order.push('second');
    await giveBack?.();
  });
  order.push('first');
  await giveBack?.();
  await second;
  expect(order).toEqual(['first', 'second']);
  expect(locks()).toEqual([false, false]);
});

test('who gives up waiting holds nothing', async () => {
  const giveBack = await holdFolders([join(folder, 'b')], never);
  const stop = new AbortController();
  const waiting = holdFolders([join(folder, 'a'), join(folder, 'b')], stop.signal);
  stop.abort();
  expect(await waiting).toBeUndefined();
  expect(locks()).toEqual([false, true]);
  await giveBack?.();
});

test('a lock of a process that is gone is removed, one that is held stays', async () => {
  const giveBack = await holdFolders([join(folder, 'a'), join(folder, 'b')], never);
  await removeStaleLock(join(folder, 'b'));
  expect(locks()).toEqual([true, true]);
  await giveBack?.();
  // No process has this number: it is above the largest that Linux gives.
  const gone = { pid: 2 ** 22 + 1, host: hostname(), started: '' };
  await writeFile(join(folder, 'a', 'in-use.lock'), JSON.stringify(gone));
  await removeStaleLock(join(folder, 'a'));
  expect(locks()).toEqual([false, false]);
});
