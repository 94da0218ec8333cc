import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/** `/autograder` as Gradescope has it, with this clone in the place of the package. */
function autograder(lab: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'autograder-'));
  const bin = join(folder, 'source/node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, 'submission'));
  const program = join(bin, 'text-recognizer');
  writeFileSync(program, `#!/bin/sh\ncd '${root}' && exec node scripts/run.mjs src/cli/main.ts "$@"\n`);
  chmodSync(program, 0o755);
  writeFileSync(join(folder, 'source/lab'), lab);
  return folder;
}

function run(folder: string): { score: number; output: string; tests?: { name: string; score: number }[] } {
  const { status, stderr } = spawnSync(join(root, 'infra/gradescope/run_autograder'), {
    env: { ...process.env, AUTOGRADER: folder },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(readFileSync(join(folder, 'results/results.json'), 'utf8'));
}

const skipped = process.platform === 'win32';

test.skipIf(skipped)('run_autograder grades what was submitted', { timeout: 60_000 }, () => {
  const folder = autograder('4');
  cpSync(join(root, 'experiments/samples/mlp-grid.json'), join(folder, 'submission/group.json'));
  const { score, tests } = run(folder);
  expect(score).toBe(4);
  expect(tests?.map(({ score }) => score)).toEqual([4, 0, 0]);
});

test.skipIf(skipped)('where grading itself fails, the results say so', { timeout: 60_000 }, () => {
  const { score, output } = run(autograder('12'));
  expect(score).toBe(0);
  expect(output).toContain('Lab 12 is not graded');
});

test("the Dockerfile has no fault that VS Code's linter knows", () => {
  expect(validate(readFileSync(join(root, 'infra/gradescope/Dockerfile'), 'utf8'))).toEqual([]);
});
