import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../../files/explain-write.ts';
import type { AttemptEnd, AttemptMessage, AttemptReport, AttemptRequest } from './attempt-protocol.ts';

/** The process was killed, or ended without a word. */
export interface AttemptKilled {
  readonly state: 'killed';
  /** The signal or exit code, or why there was no process. */
  readonly how: string;
}

export interface RunningAttempt {
  readonly pid: number | undefined;
  /** Once the process is gone. */
  readonly ended: Promise<AttemptEnd | AttemptKilled>;
  /** Asks it to save and end after its step. */
  stop(): void;
}

/** Starts an attempt in a process of its own, whose output goes to `log.txt` of the run. */
export async function startAttempt(
  request: AttemptRequest,
  { env, report }: { env: Readonly<Record<string, string>>; report: (report: AttemptReport) => void },
): Promise<RunningAttempt> {
  await makeFolder(request.folder);
  const log = openSync(join(request.folder, 'log.txt'), 'a');
  const child = fork(processFile(), [], {
    env: { ...process.env, ...env },
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  let end: AttemptEnd | undefined;
  child.on('message', (message: AttemptMessage) => {
    if (message.event === 'end') end = message.end;
    else report(message);
  });
  const ended = new Promise<AttemptEnd | AttemptKilled>((resolve) => {
    child.on('exit', (code, signal) => resolve(end ?? { state: 'killed', how: signal ?? `exit code ${code}` }));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ state: 'killed', how: error.message });
    });
  });
  const send = (message: AttemptRequest | 'stop') => {
    // One that is gone is told by its exit.
    if (child.connected) child.send(message, () => undefined);
  };
  send(request);
  return { pid: child.pid, ended, stop: () => send('stop') };
}

const isSource = import.meta.url.endsWith('.ts');

/** When compiled, it is the `.js` beside this file. */
function processFile(): string {
  const source = new URL('./attempt.process.ts', import.meta.url);
  return fileURLToPath(isSource ? source : source.href.replace(/\.ts$/, '.js'));
}
