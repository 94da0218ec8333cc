import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { moduleToRun } from './module-to-run.ts';

/** Starts a process from `url`, a module beside its caller: `new URL('./x.process.ts', import.meta.url)`. */
export function forkModule(url: URL, options: ForkOptions, args: readonly string[] = []): ChildProcess {
  const { url: file, needsTsx } = moduleToRun(url);
  const execArgv = needsTsx ? ['--import', import.meta.resolve('tsx')] : [];
  return fork(fileURLToPath(file), args, { ...options, execArgv });
}
