import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
/** A lock without its process's number is being written; after so long, its process died over it. */
const WRITING_MS = 5000;

/**
 * Runs `work` while no other process does under the same lock file; waits for one that does, and says so with `what` it does.
 * The lock of a process that has died is taken over.
 */
export async function exclusively(lock, what, work) {
  let told = false;
  while (!take(lock)) {
    const holder = read(lock);
    if (isStale(lock, holder)) remove(lock, holder);
    else {
      if (!told) console.error(`Process ${holder} ${what}; waiting for it. If it does not, delete ${lock}.`);
      told = true;
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The number of the process that holds the lock; undefined where there is no lock any more. */
function read(lock) {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

function isStale(lock, holder) {
  if (holder === undefined) return false;
  if (holder === '') return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > WRITING_MS;
  try {
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return error.code !== 'EPERM';
  }
}

/** Removes a dead process's lock, unless another process did so first and holds it now. */
function remove(lock, holder) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (read(aside) === holder) rmSync(aside, { force: true });
  else renameSync(aside, lock);
}
