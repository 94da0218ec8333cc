import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

/*
 * Runs the blocks of `ts` in docs; their imports are relative to the repository. A block that begins with `// src/FILE` quotes that
 * file. README.md has its own test in package.test.ts, docs/serving.md in serving-requests.test.ts.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
/** Within this package, so that its name leads to it. */
const folder = join(root, 'runs', `docs-code-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
const blocks = pages
  .filter((name) => name.endsWith('.md') && name !== 'serving.md')
  .flatMap((name) => {
    const markdown = readFileSync(join(root, 'docs', name), 'utf8');
    return [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map(
      ([, code], i) => [`${name}, block ${i + 1}`, code] as const,
    );
  });

test('blocks are found', () => expect(blocks.length).toBeGreaterThan(2));

test.each(blocks)('docs/%s', async (name, code) => {
  const [, quoted] = /^\/\/ (src\/\S+)\n/.exec(code) ?? [];
  if (quoted !== undefined) {
    expect(readFileSync(join(root, quoted), 'utf8')).toContain(code.slice(code.indexOf('\n') + 1));
    return;
  }
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.ts`);
  writeFileSync(file, code.replaceAll("from './src/", "from '../../src/"));
  await import(/* @vite-ignore */ file);
});
