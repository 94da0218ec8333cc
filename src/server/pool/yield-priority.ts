import { readlinkSync } from 'node:fs';
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
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, getPriority(thread) + NICENESS));
  } catch {
    // A sandbox may forbid it; the service then only answers later under load.
  }
}
