import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const script = `
  const { readlinkSync } = await import('node:fs');
  const { getPriority } = await import('node:os');
  const { yieldPriority } = await import(${JSON.stringify(new URL('./yield-priority.ts', import.meta.url).href)});
  const niceness = () => getPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)));
  const before = niceness();
  yieldPriority();
  console.log(before, niceness());
`;

test.skipIf(process.platform !== 'linux')('a thread becomes nicer by five, at most 19', () => {
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const [before, after] = output.toString().split(' ').map(Number);
  expect(after).toBe(Math.min(19, before + 5));
});

const others = `
  const { readdirSync } = await import('node:fs');
  const { getPriority } = await import('node:os');
  const { yieldOtherThreads } = await import(${JSON.stringify(new URL('./yield-priority.ts', import.meta.url).href)});
  const before = getPriority(process.pid);
  yieldOtherThreads();
  const rest = readdirSync('/proc/self/task').map(Number).filter((thread) => thread !== process.pid);
  console.log(before, getPriority(process.pid), ...new Set(rest.map((thread) => getPriority(thread))));
`;

test.skipIf(process.platform !== 'linux')('all threads but the first give way to it', () => {
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', others]);
  const [before, first, ...rest] = output.toString().split(' ').map(Number);
  expect([first, ...rest]).toEqual([before, Math.min(19, before + 5)]);
});
