import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const listed = [...page.matchAll(/^\| `src\/([^`]+)`/gm)].map(([, name]) => name);
const isFile = (name: string) => name.endsWith('.ts');

test('docs/architecture.md has one line for every folder of src, and none for others', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(listed.filter((name) => !isFile(name))).toEqual(folders.map(({ name }) => name).toSorted());
});

test('the files that it lists between a request and its answer are there, and at most 15', () => {
  const files = listed.filter(isFile);
  expect(files.filter((name) => !existsSync(join(root, 'src', name)))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(15);
});
