import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const MODULE = JSON.stringify(new URL('interrupt.ts', import.meta.url).href);

/** A program that works in steps of 50 ms until it is interrupted, then saves for a while. */
const TRAINING = `
  import { installInterrupt } from ${MODULE};
  let interrupted = 0;
  const uninstall = installInterrupt(() => interrupted++);
  console.log('started');
  while (!interrupted) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, Number(process.argv[1])));
  console.log('saved after ' + interrupted);
  uninstall();
  if (process.argv[2] === 'linger') await new Promise((resolve) => setTimeout(resolve, 20_000));`;

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the program and sends it each signal after so many milliseconds more. */
async function run(args: readonly string[], signals: readonly (readonly [number, NodeJS.Signals])[]): Promise<Ending> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', TRAINING, ...args]);
  const output = text(child.stdout);
  const errors = text(child.stderr);
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  for (const [delay, signal] of signals) {
    await sleep(delay);
    child.kill(signal);
  }
  const [code, signal] = (await exit) as [number | null, string | null];
  return { code, signal, output: await output, errors: await errors };
}

// Windows has no signals to send to another process.
const onPosix = test.skipIf(process.platform === 'win32').concurrent;

onPosix('the first Ctrl-C lets the step end and the work be saved', async () => {
  const { code, output, errors } = await run(['0'], [[0, 'SIGINT']]);
  expect(errors).toContain('press Ctrl-C again to quit at once');
  expect(output).toContain('saved after 1');
  expect(code).toBe(0);
});

onPosix('one press that arrives twice is one', async () => {
  const { code, output } = await run(
    ['300'],
    [
      [0, 'SIGINT'],
      [20, 'SIGINT'],
    ],
  );
  expect(output).toContain('saved after 1');
  expect(code).toBe(0);
});

onPosix('the second Ctrl-C ends at once', async () => {
  const { code, output } = await run(
    ['20000'],
    [
      [0, 'SIGINT'],
      [700, 'SIGINT'],
    ],
  );
  expect(output).not.toContain('saved');
  expect(code).toBe(130);
});

onPosix('SIGTERM saves too, and after the training signals act as ever', async () => {
  const { signal, output } = await run(
    ['0', 'linger'],
    [
      [0, 'SIGTERM'],
      [1500, 'SIGTERM'],
    ],
  );
  expect(output).toContain('saved after 1');
  expect(signal).toBe('SIGTERM');
});
