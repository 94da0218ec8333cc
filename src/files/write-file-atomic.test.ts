import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileAtomic, writeFileAtomic } from './write-file-atomic.ts';

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

test('of several that create a file at once, one does, and its content stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'create-'));
  const path = join(folder, 'a', 'b.txt');
  const contents = Array.from({ length: 8 }, (_, i) => `content ${i}`);
  const created = await Promise.all(contents.map((content) => createFileAtomic(path, Buffer.from(content))));
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(await readFile(path, 'utf8')).toBe(contents[created.indexOf(true)]);
  expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
});
