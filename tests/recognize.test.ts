import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, startCli } from './support/run-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recognize-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a run that is killed goes on, and each page is read once', { timeout: 120_000 }, async () => {
  const scans = join(folder, 'scans');
  await mkdir(scans);
  const names = Array.from({ length: 12 }, (_, i) => String(i + 10));
  const picture = join(root, 'data/emnist-sample/images/upper-A.png');
  for (const name of names) await copyFile(picture, join(scans, `${name}.png`));
  const output = join(folder, 'out');
  const args = ['recognize', scans, '--output', output, '--format', 'pdf', '--model', 'mlp'];
  const { child, ending } = startCli(args);
  await once(child.stdout!, 'data');
  child.kill('SIGKILL');
  await ending;
  const { code, stderr } = await runCli(args);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^12 pages read \(\d+ of them before\): 12 lines/)]);
  const journal = (await readFile(join(output, 'recognized.jsonl'), 'utf8')).trimEnd().split('\n');
  const outputs = journal.flatMap((line) => JSON.parse(line).output ?? []);
  expect(outputs).toEqual(names.map((name) => `${name}.pdf`));
  // What was being written when it was killed may be there under a temporary name.
  const written = (await readdir(output)).filter((name) => !name.endsWith('.tmp'));
  expect(written.toSorted()).toEqual([...outputs, 'recognized.jsonl']);
});

test('--json is a format', async () => {
  const { code, stderr } = await runCli(['recognize', 'a.png', '--json', '--format', 'text']);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^INVALID_ARGUMENT: --json is --format json/)]);
});
