/*
 * Runs the notebooks with Deno's Jupyter kernel, and compares what their cells give with what is stored; `--write` stores it instead. `.ci/run`
 * installs Deno and a client of Jupyter; without them nothing is run: `node scripts/run.mjs scripts/run-notebooks.ts [--write] [NOTEBOOK...]`.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { writeFileAtomic } from '../src/files/write-file-atomic.ts';

const root = join(import.meta.dirname, '..');
const python = join(root, '.cache/python/bin/python');
const deno = join(root, '.cache/deno/node_modules/.bin/deno');

interface Output {
  readonly output_type: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly outputs?: readonly Output[] }[];
}

const isToBeWritten = process.argv.includes('--write');
const named = process.argv.slice(2).filter((argument) => argument !== '--write');
const reason = whyNot();
if (reason === undefined) await runAll();
else console.warn(`Skipped the notebooks: ${reason}; .ci/run installs it.`);

function whyNot(): string | undefined {
  if (!existsSync(deno)) return `there is no ${deno}`;
  const hasClient = spawnSync(python, ['-c', 'import nbclient'], { stdio: 'ignore' }).status === 0;
  return hasClient ? undefined : `${python} lacks nbclient`;
}

async function runAll(): Promise<void> {
  const folder = join(root, 'notebooks');
  const all = (await readdir(folder)).filter((file) => file.endsWith('.ipynb')).map((file) => join(folder, file));
  for (const file of named.length > 0 ? named : all.toSorted()) {
    const start = performance.now();
    const run = await promisify(execFile)(python, [join(root, 'scripts/run-notebook.py'), deno, file], {
      maxBuffer: 64 * 2 ** 20,
    });
    if (isToBeWritten) await writeFileAtomic(file, run.stdout);
    else await compare(file, JSON.parse(await readFile(file, 'utf8')), JSON.parse(run.stdout));
    console.log(`${file}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

async function compare(file: string, stored: Notebook, found: Notebook): Promise<void> {
  for (const [i, cell] of found.cells.entries()) {
    if (cell.cell_type !== 'code') continue;
    const [was, is] = [await contentOf(stored.cells[i].outputs ?? []), await contentOf(cell.outputs ?? [])];
    if (was === is) continue;
    console.error(`${file}: cell ${i + 1} gives something else than what is stored.\n${was}\n${is}`);
    process.exitCode = 1;
  }
}

/** Text as it is, pictures by their pixels. */
async function contentOf(outputs: readonly Output[]): Promise<string> {
  const contents = outputs.flatMap(({ output_type: type, text, data = {} }) => [
    ...(text === undefined ? [] : [[type, whole(text)]]),
    ...Object.entries(data).map(([mime, content]) => [mime, whole(content)]),
  ]);
  const shown = contents.map(async ([type, content]) =>
    type === 'image/png' ? `${type}: ${await pixelsOf(content)}` : `${type}: ${content}`,
  );
  return (await Promise.all(shown)).join('\n');
}

function whole(content: string | readonly string[]): string {
  return typeof content === 'string' ? content : content.join('');
}

async function pixelsOf(base64: string): Promise<string> {
  const { data, info } = await sharp(Buffer.from(base64, 'base64')).raw().toBuffer({ resolveWithObject: true });
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(data));
  return `${info.width}×${info.height}, SHA-256 ${Buffer.from(digest).toString('hex')}`;
}
