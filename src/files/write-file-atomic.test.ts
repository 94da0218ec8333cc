import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomic } from './write-file-atomic.ts';

test('creates folders, replaces content and leaves no temporary file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'whole-'));
  const path = join(folder, 'a', 'b.txt');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, new Uint8Array([116, 119, 111]));
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
});

test('leaves the old content and no temporary file when it fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'whole-'));
  await expect(writeFileAtomic(folder, 'x')).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
});
