import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../files/explain-write.ts';
import { forkModule } from '../../runtime/fork-module.ts';
import type { AttemptEnd, AttemptMessage, AttemptReport, AttemptRequest } from './attempt-protocol.ts';
import type { DeviceSlot } from './device-slots.ts';
import { removeStaleLock } from './hold-folders.ts';
import { attemptsFolder } from './run-attempt.ts';

/** The process was killed, or ended without a word. */
export interface AttemptKilled {
  readonly state: 'killed';
  /** The signal or exit code, or why there was no process. */
  readonly how: string;
}

export interface RunningAttempt {
  /** Once the process is gone. */
  readonly ended: Promise<AttemptEnd | AttemptKilled>;
  /** Asks it to save and end after its step. */
  stop(): void;
}

/** What an attempt tells whoever started it. */
export interface LaunchHooks {
  readonly report: (report: AttemptReport) => void;
  /** It begins, there; again where another machine takes it over. */
  readonly begun: (where: { readonly device: string; readonly pid?: number }) => void;
  /** It was lost, and somebody else will take it over. */
  readonly lost: (how: string) => void;
}

/** Starts an attempt somewhere. */
export type Launch = (request: AttemptRequest, slot: DeviceSlot, hooks: LaunchHooks) => Promise<RunningAttempt>;

/** On this machine. */
export const launchHere: Launch = async (request, slot, { report, begun }) => {
  const { ended, stop, pid } = await startAttempt(request, { env: slot.env, report });
  begun({ device: slot.label, pid });
  return { ended: ended.finally(() => removeLocks(request)), stop };
};

/** Those that a killed process has left. */
async function removeLocks({ folder, locks }: AttemptRequest): Promise<void> {
  for (const held of [attemptsFolder(folder), ...locks]) await removeStaleLock(held);
}

/** Starts an attempt in a process of its own, whose output goes to `log.txt` of the run. */
export async function startAttempt(
  request: AttemptRequest,
  { env, report }: { env: Readonly<Record<string, string>>; report: (report: AttemptReport) => void },
): Promise<RunningAttempt & { readonly pid: number | undefined }> {
  await makeFolder(request.folder);
  const log = openSync(join(request.folder, 'log.txt'), 'a');
  const child = forkModule(new URL('./attempt.process.ts', import.meta.url), {
    env: { ...process.env, ...env },
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
