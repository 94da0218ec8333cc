import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/** How a run of the command line ended. */
export interface CliEnding {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A running command line, and how it ends. */
export interface CliRun {
  readonly child: ChildProcess;
  readonly ending: Promise<CliEnding>;
}

/** Starts the command line as a user does, in a process of its own. */
export function startCli(args: readonly string[], options?: CliOptions): CliRun {
  return startNode(main, args, options);
}

/** Runs the command line to its end. */
export function runCli(args: readonly string[], options?: CliOptions): Promise<CliEnding> {
  return startCli(args, options).ending;
}

/** Runs a TypeScript file of this repository to its end. */
export function runNode(file: string, args: readonly string[], options?: CliOptions): Promise<CliEnding> {
  return startNode(file, args, options).ending;
}

function startNode(file: string, args: readonly string[], { env, cwd }: CliOptions = {}): CliRun {
  const child = spawn(process.execPath, ['--import', loader, file, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ending = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code: code as number | null, stdout, stderr }),
  );
  return { child, ending };
}
