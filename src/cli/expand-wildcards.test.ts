import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expandWildcards } from './expand-wildcards.ts';

const folder = mkdtempSync(join(tmpdir(), 'wildcards-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const name of ['b.png', 'a.png', 'ab.png', 'a+b.tif', '.hidden.png', 'apng'])
  writeFileSync(join(folder, name), '');
mkdirSync(join(folder, 'folder.png'));

const names = async (...patterns: readonly string[]) =>
  (await expandWildcards(patterns.map((pattern) => join(folder, pattern)))).map((path) =>
    path.slice(folder.length + 1),
  );

test.each([
  ['*.png', ['a.png', 'ab.png', 'b.png']],
  ['?.png', ['a.png', 'b.png']],
  ['a*', ['a+b.tif', 'a.png', 'ab.png', 'apng']],
  ['a+*.t?f', ['a+b.tif']],
  ['.*.png', ['.hidden.png']],
])('%s matches files of the folder', async (pattern, expected) => {
  expect(await names(pattern)).toEqual(expected);
});

test('what has no wildcard, or matches nothing, stays in its place', async () => {
  expect(await names('b.png', '*.jpg', '?.png')).toEqual(['b.png', '*.jpg', 'a.png', 'b.png']);
  expect(await expandWildcards(['-', 'nowhere/*.png'])).toEqual(['-', 'nowhere/*.png']);
});

test.skipIf(process.platform === 'win32')('a file whose name has a star is taken literally', async () => {
  writeFileSync(join(folder, 'x*.gif'), '');
  writeFileSync(join(folder, 'xy.gif'), '');
  expect(await names('x*.gif')).toEqual(['x*.gif']);
});
