import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { runCli } from './support/run-cli.ts';

vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL('..', import.meta.url));
const options = ['--port', '0', '--no-build', '--workers', '1', '--model', 'mlp'];

const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { scripts: { start: string } };

/** Starts what `npm start` stands for. */
function start() {
  const [, ...args] = scripts.start.split(' ');
  const child = spawn(process.execPath, [...args, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  const isUp = new Promise<void>((resolve) => {
    child.stdout.on('data', (data) => {
      stdout += String(data);
      if (stdout.includes('Ctrl-C stops it.')) resolve();
    });
  });
  const ending = Promise.all([once(child, 'close'), text(child.stderr)]);
  return { child, isUp: Promise.race([isUp, ending]), ending, output: () => stdout };
}

test('npm start shows the samples, serves, and ends at Ctrl-C', async () => {
  const { child, isUp, ending, output } = start();
  try {
    await isUp;
    expect(output()).toMatch(/read 7 \(\d+\.\d %\)/);
    expect(output()).toMatch(/^These are \d+ characters/m);
    const [, url] = /^ {2}Page: +(http:\/\/localhost:\d+)$/m.exec(output())!;
    expect(output()).toContain(`  API:   ${url}/v1 `);
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
    const [, request] = /^Try it:\n {2}(curl .*)$/m.exec(output())!;
    const { stdout } = await promisify(execFile)('sh', ['-c', request], { cwd: root });
    expect(JSON.parse(stdout)).toMatchObject({ pred: '2', model: 'mlp' });
  } finally {
    // As a terminal does, and npm once more.
    child.kill('SIGINT');
    child.kill('SIGINT');
  }
  const [[code], stderr] = await ending;
  // Windows has no signals, and ends it at once.
  if (process.platform === 'win32') return;
  expect([code, stderr]).toEqual([0, '']);
  expect(output()).toMatch(/^Stopping after /m);
});

test('a port that is taken is said, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await runCli(['start', ...options, '--port', String(port)]);
  other.close();
  expect(code).toBe(1);
  expect(stderr).toBe(
    `PORT_UNAVAILABLE: Port ${port} is in use by another program. Stop it, or choose another port: ` +
      `--port ${port + 1} (npm start -- --port ${port + 1}).\n`,
  );
});

test('start --samples-only ends after the samples', async () => {
  const { code, stdout, stderr } = await runCli(['start', '--samples-only']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^These are \d+ characters/m);
  expect(stdout).not.toContain('http://');
});

test('a port that is none is refused', async () => {
  const { code, stderr } = await runCli(['serve', '--port', '70000']);
  expect([code, stderr.split('\n')[0]]).toEqual([
    1,
    "error: option '--port <number>' argument '70000' is invalid. It must be a whole number from 0 to 65535.",
  ]);
});
