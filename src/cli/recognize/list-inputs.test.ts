import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listInputs } from './list-inputs.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'inputs-'));
  const files = [
    'a/2.png',
    'a/10.JPG',
    'a/2.pdf',
    'a/notes.txt',
    'a/.hidden.png',
    'a/sub/x.heic',
    'a/.git/y.png',
    'b/2.png',
    'c/n.md',
  ];
  for (const file of [...files, 'a/out/2-0001.jpg']) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function list(paths: readonly string[], except?: string): Promise<string[][]> {
  const inputs = listInputs(
    paths.map((path) => (path === '-' ? path : join(root, path))),
    except && join(root, except),
  );
  const found: string[][] = [];
  for await (const { file, name } of inputs) found.push([file.replace(`${root}/`, ''), name]);
  return found;
}

test('the pictures of a folder and below it, by name; the results of an earlier run are none', async () => {
  expect(await list(['a'], 'a/out')).toEqual([
    ['a/10.JPG', '10'],
    ['a/2.pdf', '2.pdf'],
    ['a/2.png', '2.png'],
    ['a/sub/x.heic', 'sub/x'],
  ]);
});

test('several folders keep their names', async () => {
  expect((await list(['a/sub', 'b', '-'])).map(([, name]) => name)).toEqual(['sub/x', 'b/2', 'standard-input']);
});

test('files, and patterns', async () => {
  expect(await list(['a/2.png', 'a/10.*', 'none.png'])).toEqual([
    ['a/2.png', '2'],
    ['a/10.JPG', '10'],
    ['none.png', 'none'],
  ]);
});

test('two of one name are refused, and a folder without pictures', async () => {
  await expect(list(['a/2.png', 'b/2.png'])).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/a\/2\.png and .*b\/2\.png have the same name/),
  });
  await expect(list(['c'])).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
