import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readList } from './read-list.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'list-'))));
afterAll(() => rm(folder, { recursive: true }));

async function namesIn(content: string): Promise<string[][]> {
  const list = join(folder, 'list.txt');
  await writeFile(list, content);
  const inputs = [];
  for await (const { file, name } of readList(list)) inputs.push([file, name]);
  return inputs;
}

test('results are called as the paths, whatever the folder, the bucket or the end of line', async () => {
  expect(await namesIn('a/1.jpg\r\nb/1.jpg\n\n ../c/1.tar.pdf \n/d/1.png\ns3://bucket/e/1.jpg')).toEqual([
    ['a/1.jpg', 'a/1'],
    ['b/1.jpg', 'b/1'],
    ['../c/1.tar.pdf', 'c/1.tar'],
    ['/d/1.png', 'd/1'],
    ['s3://bucket/e/1.jpg', 'e/1'],
  ]);
});

test('two files that differ in their extension have results of their own; one that is listed twice has one', async () => {
  expect(await namesIn('a/1.jpg\na/1.png\na/1.png\n')).toEqual([
    ['a/1.jpg', 'a/1'],
    ['a/1.png', 'a/1.png'],
  ]);
});

test('a list that is missing or names nothing', async () => {
  await expect(namesIn('\n')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', message: /names no file/ });
  await expect(readList(join(folder, 'none.txt')).next()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
