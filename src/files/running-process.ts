import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';

export const runningProcessSchema = z.object({ pid: z.int().positive(), host: z.string(), started: z.string() });

/** A process, so that another one that gets its number later is not taken for it. */
export type RunningProcess = z.output<typeof runningProcessSchema>;

/** This one. */
export async function thisProcess(): Promise<RunningProcess> {
  return { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
}

/** Whether it still runs; undefined for one on another machine. */
export async function isAlive({ pid, host, started }: RunningProcess): Promise<boolean | undefined> {
  if (host !== hostname()) return undefined;
  return hasProcess(pid) && (await startOf(pid)) === started;
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, where the system says so: a number that is used again belongs to another process. */
async function startOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 22 of proc(5); the name in field 2 may hold spaces and brackets.
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
