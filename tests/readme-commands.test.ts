import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CommandHost } from './support/command-host.ts';
import { type CliEnding, runNode, runSource } from './support/run-cli.ts';

/*
 * Runs what README.md and the other pages show in blocks of `sh`. A block after `<!-- not run in tests: REASON -->` is
 * skipped; docs/serving.md needs a server, and has a test of its own in src/server.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const docs = ['', 'course/']
  .flatMap((below) => readdirSync(join(root, 'docs', below)).map((name) => `${below}${name}`))
  .filter((name) => name.endsWith('.md') && name !== 'serving.md');
const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

vi.setConfig({ testTimeout: 300_000 });

let folder: string;
let host: CommandHost;

beforeAll(async () => {
  host = new CommandHost();
  folder = await mkdtemp(join(tmpdir(), 'readme-'));
  for (const name of ['data', 'experiments', 'models']) await symlink(join(root, name), join(folder, name), 'junction');
});

afterAll(async () => {
  expect(await host.close()).not.toMatch(/error|warning/i);
  await rm(folder, { recursive: true, force: true });
});

describe.each(pages)('%s', (page) => {
  const blocks = shellBlocks(readFileSync(join(root, page), 'utf8'));
  test('its blocks of commands are found', () => expect(blocks).toBeDefined());

  for (const { command, reason } of blocks) {
    if (reason !== undefined) test.skip(`${command} (${reason})`);
    else test(command, () => runCommand(command));
  }
});

interface ShownCommand {
  readonly command: string;
  /** Why it is not run. */
  readonly reason: string | undefined;
}

function shellBlocks(markdown: string): ShownCommand[] {
  const block = /(?:<!-- not run in tests: (.*?) -->\n)?```sh\n(.*?)```/gs;
  return [...markdown.matchAll(block)].flatMap(([, reason, lines]) =>
    lines
      .split('\n')
      .map((line) => line.replace(/\s+#.*/, '').trim())
      .filter((line) => line !== '')
      .map((command) => ({ command, reason: command === 'npm test' ? 'it is this' : reason })),
  );
}

/** Runs what an npm script stands for, without npm's own second of starting. */
async function runCommand(command: string): Promise<void> {
  const [, name, rest = ''] = /^npm (?:run (?:-s )?)?([a-z]+)(?: -- (.*))?$/.exec(command) ?? [];
  const [, file, first] = /^node scripts\/run\.mjs (\S+)(?: (\S+))?$/.exec(scripts[name] ?? '') ?? [];
  if (file === undefined) return runInShell(command);
  // No shell runs it here, so what a reader's shell would take for a redirection or a pipe must not be in it.
  expect(rest.replaceAll(/'[^']*'/g, '')).not.toMatch(/[<>|&;]/);
  const args = [first, ...wordsOf(rest)].filter((arg) => arg !== undefined);
  const { code, stdout, stderr } = await runFile(file, args);
  expect(stderr).not.toMatch(/error|warning/i);
  expect(stdout).not.toBe('');
  expect(code).toBe(0);
}

function runFile(file: string, args: readonly string[]): Promise<CliEnding> {
  if (file === 'src/cli/main.ts') return host.run(args, folder);
  if (file.startsWith('src/')) return runSource(file.slice('src/'.length), args, { cwd: folder });
  return runNode(join(root, 'scripts/run.mjs'), [file, ...args], { cwd: folder });
}

/** The words of a command as a shell splits them, with single quotes around some. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}

function runInShell(command: string): void {
  const { status, stderr } = spawnSync(command, { shell: true, cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}
