import { readdirSync, readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Steps of niceness by which a thread that computes gives way. */
const NICENESS = 5;

/**
 * Lets the thread that calls give way to the others of its process where all want the same core, so that a service answers while
 * it computes. Linux counts priorities by thread; elsewhere nothing happens.
 */
export function yieldPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    // "1234/task/1240"
    giveWay(Number(readlinkSync('/proc/thread-self').split('/').at(-1)));
  } catch {
    // A sandbox may forbid it; the service then only answers later under load.
  }
}

/** Lets all threads of the process but its first give way to that: those that decode images and read files, which are there already. */
export function yieldOtherThreads(): void {
  if (process.platform !== 'linux') return;
  try {
    for (const thread of readdirSync('/proc/self/task').map(Number)) if (thread !== process.pid) giveWay(thread);
  } catch {
    // As above; or a thread has ended in the meantime.
  }
}

function giveWay(thread: number): void {
  setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, getPriority(thread) + NICENESS));
}
