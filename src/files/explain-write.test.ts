import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonLines } from '../training/callbacks/json-lines.ts';
import { stepReport, TrainingRun } from '../training/testing/training-run.ts';
import { explainWrite, requireWritable } from './explain-write.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('a name that a file or a folder has taken is named, before the work as after it', async () => {
  await writeFile(join(folder, 'taken'), 'a file');
  await mkdir(join(folder, 'place'));
  for (const write of [requireWritable, (path: string) => writeFileAtomic(path, 'text')]) {
    await expect(write(join(folder, 'taken', 'a.svg'))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      message: expect.stringContaining('a file has the name of a folder that is needed. Choose another name'),
    });
    await expect(write(join(folder, 'place'))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      message: `${join(folder, 'place')} cannot be written: there is a folder of that name. Choose another name, or remove the folder.`,
    });
  }
  await requireWritable(join(folder, 'new', 'a.svg'));
  expect(await readdir(join(folder, 'new'))).toEqual([]);
});

test.each([
  ['EACCES', 'FILE_NOT_WRITABLE', 'not permitted'],
  ['EROFS', 'FILE_NOT_WRITABLE', 'the file system is read-only'],
  ['EDQUOT', 'DISK_FULL', 'the disk is full. Make room'],
  ['EMFILE', 'FILE_NOT_WRITABLE', 'the system says "the reason"'],
])('%s is %s', (system, code, reason) => {
  const error = Object.assign(new Error('the reason'), { code: system });
  expect(explainWrite('x.svg', error)).toMatchObject({ code, message: expect.stringContaining(reason), cause: error });
});

test('what the system did not report stays as it is', () => {
  const error = Object.assign(new TypeError('a fault of the program'), { code: 'ERR_INVALID_ARG_TYPE' });
  expect(explainWrite('x.svg', error)).toBe(error);
});

/** A file system of 64 KiB, read-only if asked for; undefined where it may not be mounted. */
function mountSmall(options: string): (() => void) | undefined {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  return status === 0 ? () => void spawnSync('umount', [folder]) : undefined;
}

test('a full disk is reported, for whole files and for those that grow', async ({ skip }) => {
  const unmount = mountSmall('size=64k');
  if (!unmount) return skip('a small file system cannot be mounted here: this needs root');
  try {
    await expect(writeFileAtomic(join(folder, 'big'), 'x'.repeat(100_000))).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining(join(folder, 'big')),
    });
    expect(await readdir(folder)).toEqual([]);
    const lines = new JsonLines();
    lines.onTrainStart(new TrainingRun(folder));
    const write = () => {
      for (let step = 1; step <= 10_000; step++) lines.onStepEnd(stepReport(step));
    };
    expect(write).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    lines.onTrainEnd();
  } finally {
    unmount();
  }
});

test('a read-only file system is reported', async ({ skip }) => {
  const unmount = mountSmall('size=64k,ro');
  if (!unmount) return skip('a file system cannot be mounted here: this needs root');
  try {
    const error = { code: 'FILE_NOT_WRITABLE', message: expect.stringContaining('the file system is read-only') };
    await expect(writeFileAtomic(join(folder, 'a'), 'x')).rejects.toMatchObject(error);
    await expect(requireWritable(join(folder, 'a'))).rejects.toMatchObject(error);
    await expect(requireWritable(join(folder, 'new', 'a'))).rejects.toMatchObject(error);
    expect(() => new JsonLines().onTrainStart(new TrainingRun(folder))).toThrow(expect.objectContaining(error));
  } finally {
    unmount();
  }
});
