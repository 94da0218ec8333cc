import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = dirname(dirname(fileURLToPath(import.meta.resolve('tsx'))));

/** Notes that it was called, waits until the test lets it continue, fails if it is to, and installs the one package that a start needs. */
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
    for (const name of ['exclusively', 'install-packages', 'prune-packages', 'source-condition'])
      cpSync(join(root, `scripts/${name}.mjs`), inClone(`scripts/${name}.mjs`));
    mkdirSync(inClone('bin'));
    writeFileSync(inClone('bin/npm'), fakeNpm, { mode: 0o755 });
    writeFileSync(inClone('package.json'), '{ "type": "module" }');
    writeFileSync(inClone('package-lock.json'), '{ "packages": {} }');
    writeFileSync(inClone('hello.ts'), 'const greeting: string = "hello"; console.log(greeting);');
  });

  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  /** Starts the TypeScript file of the clone. */
  function start(script = 'hello.ts') {
    const path = `${inClone('bin')}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH: path };
    const child = spawn(process.execPath, ['scripts/run.mjs', script], { cwd: clone, env });
    const printed = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (printed.stdout += String(data)));
    child.stderr.on('data', (data) => (printed.stderr += String(data)));
    const ending = once(child, 'close').then(([code]) => ({ code: code as number | null, ...printed }));
    return { child, printed, ending };
  }

  const letNpmGo = (): void => writeFileSync(inClone('go'), '');
  const calls = (): string => readFileSync(inClone('calls'), 'utf8');
  const oneCall =
    'ci --prefer-offline --ignore-scripts --no-audit --no-fund --loglevel=http --fetch-retries=1 ' +
    '--fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=2000\n';

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
    expect(await start().ending).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(existsSync(inClone('.installing'))).toBe(false);
  });

  test('the command line does without what is for development, tests install the rest', async () => {
    const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.0', dev: true } } };
    writeFileSync(inClone('package-lock.json'), JSON.stringify(lock));
    mkdirSync(inClone('src/cli'), { recursive: true });
    cpSync(inClone('hello.ts'), inClone('src/cli/hello.ts'));
    letNpmGo();
    for (let i = 0; i < 2; i++) expect(await start('src/cli/hello.ts').ending).toMatchObject({ code: 0 });
    const withoutDev = oneCall.replace('\n', ' --omit=dev\n');
    expect(calls()).toBe(withoutDev);
    await start().ending;
    expect(calls()).toBe(withoutDev + oneCall);
  });

  test('the command line keeps packages for development that are there, where others are out of date', async () => {
    const a = { version: '1.0.0' };
    const tool = { version: '2.0.0', dev: true };
    writeFileSync(inClone('package-lock.json'), JSON.stringify({ packages: { 'node_modules/a': a } }));
    mkdirSync(inClone('node_modules'));
    writeFileSync(
      inClone('node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0' }, 'node_modules/tool': tool } }),
    );
    mkdirSync(inClone('src/cli'), { recursive: true });
    cpSync(inClone('hello.ts'), inClone('src/cli/hello.ts'));
    letNpmGo();
    expect(await start('src/cli/hello.ts').ending).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(calls()).toBe(oneCall);
  });

  test('of the native libraries those of this platform are kept', async () => {
    const binaries = 'node_modules/onnxruntime-node/bin/napi-v6';
    const own = `${binaries}/${process.platform}`;
    const other = process.platform === 'darwin' ? 'linux' : 'darwin';
    for (const folder of [`${own}/${process.arch}`, `${own}/mips`, `${binaries}/${other}/x64`])
      mkdirSync(inClone(folder), { recursive: true });
    letNpmGo();
    await start().ending;
    expect([readdirSync(inClone(binaries)), readdirSync(inClone(own))]).toEqual([[process.platform], [process.arch]]);
  });

  test('a registry that cannot be reached is named, without waiting for npm to give up', async () => {
    const failure = 'npm http fetch GET https://registry.example/zod attempt 1 failed with ENOTFOUND';
    const npm = `#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8 9 10; do echo '${failure}' >&2; done\nexec sleep 600\n`;
    writeFileSync(inClone('bin/npm'), npm, { mode: 0o755 });
    const { code, stderr } = await start().ending;
    expect([code, stderr.split('\n').find((line) => line.startsWith('The packages'))]).toEqual([
      1,
      'The packages were not installed: the npm registry cannot be reached: registry.example (ENOTFOUND). Run `npm ci` here to see more.',
    ]);
  });

  test('what else npm says is passed on', async () => {
    const npm = `#!/bin/sh\necho 'npm http fetch GET 200 https://registry.example/a/-/a-1.0.0.tgz 1ms' >&2\necho 'npm error code EINTEGRITY' >&2\nexit 1\n`;
    writeFileSync(inClone('bin/npm'), npm, { mode: 0o755 });
    const { code, stderr } = await start().ending;
    expect(code).toBe(1);
    expect(stderr).toContain('npm error code EINTEGRITY\n');
    expect(stderr).toContain('The packages were not installed: npm ci failed.');
    expect(stderr).not.toContain('npm http');
  });
});
