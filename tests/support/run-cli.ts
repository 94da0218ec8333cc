import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What `compile-sources.ts` has compiled. */
const compiled = fileURLToPath(new URL('../../.compiled/', import.meta.url));

/** The command line, compiled. */
export const compiledCli = `${compiled}cli/main.js`;

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
  /** What the command line begins with, e.g. `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
}

/** A running command line, and how it ends. */
export interface CliRun {
  readonly child: ChildProcess;
  readonly ending: Promise<CliEnding>;
}

/** Starts the command line as a user of the package does, in a process of its own. */
export function startCli(args: readonly string[], options?: CliOptions): CliRun {
  return startNode(compiledCli, args, options);
}

/** Runs the command line to its end. */
export function runCli(args: readonly string[], options?: CliOptions): Promise<CliEnding> {
  return startCli(args, options).ending;
}

/** Runs a file of `src/`, such as `bench/main.ts`, to its end, compiled. */
export function runSource(file: string, args: readonly string[], options?: CliOptions): Promise<CliEnding> {
  return startNode(`${compiled}${file.replace(/\.ts$/, '.js')}`, args, options).ending;
}

/** Runs a file of JavaScript to its end. */
export function runNode(file: string, args: readonly string[], options?: CliOptions): Promise<CliEnding> {
  return startNode(file, args, options).ending;
}

function startNode(file: string, args: readonly string[], { env, cwd, prefix = [] }: CliOptions = {}): CliRun {
  const [program, ...all] = [...prefix, process.execPath, file, ...args];
  const child = spawn(program, all, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ending = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code: code as number | null, stdout, stderr }),
  );
  return { child, ending };
}

/** Where a service that was started says its page is; rejects with its errors if it ends before. */
export function servedUrl({ child, ending }: CliRun): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', (data) => {
      said += String(data);
      const [, found] = /^ {2}Page: +(\S+)$/m.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ending.then(({ stderr }) => reject(new Error(stderr)));
  });
}
