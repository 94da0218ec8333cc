import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = dirname(dirname(fileURLToPath(import.meta.resolve('tsx'))));

/** Notes that it was called, waits until the test lets it go on, fails if it is to, and installs the one package that a start needs. */
const fakeNpm = `#!/bin/sh
echo "$@" >> calls
until [ -e go ]; do sleep 0.02; done
if [ -e fail ]; then rm fail; exit 1; fi
mkdir -p node_modules
ln -s "${packages}" node_modules/tsx
echo '{ "packages": {} }' > node_modules/.package-lock.json
`;

// The npm of the test is a shell script.
describe.skipIf(process.platform === 'win32')('a fresh clone', () => {
  let clone: string;
  const inClone = (name: string): string => join(clone, name);

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'clone-'));
    cpSync(join(root, 'scripts/run.mjs'), inClone('scripts/run.mjs'));
    cpSync(join(root, 'scripts/exclusively.mjs'), inClone('scripts/exclusively.mjs'));
    mkdirSync(inClone('bin'));
    writeFileSync(inClone('bin/npm'), fakeNpm, { mode: 0o755 });
    writeFileSync(inClone('package.json'), '{ "type": "module" }');
    writeFileSync(inClone('package-lock.json'), '{ "packages": {} }');
    writeFileSync(inClone('hello.ts'), 'const greeting: string = "hello"; console.log(greeting);');
  });

  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  /** Starts the TypeScript file of the clone. */
  function start() {
    const path = `${inClone('bin')}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH: path };
    const child = spawn(process.execPath, ['scripts/run.mjs', 'hello.ts'], { cwd: clone, env });
    const printed = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (printed.stdout += String(data)));
    child.stderr.on('data', (data) => (printed.stderr += String(data)));
    const ending = once(child, 'close').then(([code]) => ({ code: code as number | null, ...printed }));
    return { child, printed, ending };
  }

  const letNpmGo = (): void => writeFileSync(inClone('go'), '');
  const calls = (): string => readFileSync(inClone('calls'), 'utf8');
  const oneCall = 'ci --no-audit --no-fund --loglevel=error\n';

  test('installs its packages once, however many programs start at once', async () => {
    const runs = [start(), start(), start()];
    const told = (words: string) => runs.filter(({ printed }) => printed.stderr.includes(words));
    await vi.waitUntil(() => told('installs the packages; waiting').length === 2, { timeout: 60_000 });
    const [installer] = told('Installing packages');
    expect(readFileSync(inClone('.installing'), 'utf8')).toBe(String(installer.child.pid));
    letNpmGo();
    for (const { ending } of runs) expect(await ending).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(calls()).toBe(oneCall);
    expect(existsSync(inClone('.installing'))).toBe(false);
  });

  test('a program that waited installs where the other one could not', async () => {
    writeFileSync(inClone('fail'), '');
    const first = start();
    await vi.waitUntil(() => existsSync(inClone('calls')), { timeout: 60_000 });
    const second = start();
    await vi.waitUntil(() => second.printed.stderr.includes('waiting'), { timeout: 60_000 });
    letNpmGo();
    expect(await first.ending).toMatchObject({ code: 1, stderr: expect.stringContaining('npm ci failed') });
    expect(await second.ending).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(calls()).toBe(oneCall.repeat(2));
  });

  test('the lock of a process that has died is taken over', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(inClone('.installing'), String(pid));
    letNpmGo();
    expect(await start().ending).toEqual({ code: 0, stdout: 'hello\n', stderr: 'Installing packages (once) …\n' });
    expect(existsSync(inClone('.installing'))).toBe(false);
  });
});
