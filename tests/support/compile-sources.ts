import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles `src/` into `.compiled/`, as a package has it, before the tests that start processes: each then starts in half the
 * time that it would take from TypeScript. Only files that have changed are written, so that tests may run twice at a time.
 */
export function setup(): void {
  const { status, stdout } = spawnSync('npx', ['--no-install', 'tsc', '-p', 'tsconfig.tests.json'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`The sources were not compiled:\n${stdout}`);
}
