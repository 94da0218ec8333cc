import { spawnSync } from 'node:child_process';

/*
 * `npm test`: format, lint, types and tests, in this order. What follows `--` goes to vitest alone, e.g.
 * `npm test -- src/graph`.
 */
const vitestArguments = process.argv.slice(2);
const checks: readonly (readonly string[])[] = [
  ['oxfmt', '--check', '.'],
  ['oxlint', '--deny-warnings'],
  ['tsc', '--noEmit'],
  // Files, exports and packages that nothing uses.
  ['knip', '--no-progress'],
];
const commands = vitestArguments.length > 0 ? [] : checks;

for (const [name, ...args] of [...commands, ['vitest', 'run', ...vitestArguments]]) {
  console.log(`> ${name} ${args.join(' ')}`);
  const { status } = spawnSync('npx', ['--no-install', name, ...args], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
