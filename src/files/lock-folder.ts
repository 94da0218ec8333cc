import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { explainWrite, makeFolder } from './explain-write.ts';
import { isAlive, runningProcessSchema, thisProcess, type RunningProcess } from './running-process.ts';

const LOCK_FILE = 'in-use.lock';
/** A holder on another machine shows that it lives by touching its lock so often. */
const HEARTBEAT_MS = 10_000;
const SILENT_MS = 60_000;

/** The folders that this process holds. */
const held = new Set<string>();

/**
 * Makes a folder and takes it for this process; returns what gives it back. A lock whose process has ended, by whatever means, is
 * taken over. Throws FOLDER_IN_USE while another process uses the folder, DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(resolve(folder), LOCK_FILE);
  if (held.has(path)) throw inUse(folder, path, 'this process');
  held.add(path);
  try {
    await makeFolder(folder);
    const own = JSON.stringify(await thisProcess());
    while (!(await create(path, own))) await removeStale(folder, path);
  } catch (error) {
    held.delete(path);
    throw error;
  }
  const heartbeat = setInterval(() => {
    utimes(path, new Date(), new Date()).catch(() => undefined);
  }, HEARTBEAT_MS).unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(path, { force: true });
    held.delete(path);
  };
}

/** Whether a process uses the folder now, this one included. */
export async function isInUse(folder: string): Promise<boolean> {
  const path = join(resolve(folder), LOCK_FILE);
  if (held.has(path)) return true;
  const content = await readFile(path, 'utf8').catch(() => undefined);
  return content !== undefined && (await isHeld(parseHolder(content), path));
}

/** Whether the lock could be written; false where there is one. */
async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw explainWrite(path, error);
  }
}

/** Removes a lock whose holder is gone; throws FOLDER_IN_USE otherwise. */
async function removeStale(folder: string, path: string): Promise<void> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  // Given back in the meantime.
  if (content === undefined) return;
  const holder = parseHolder(content);
  if (await isHeld(holder, path)) {
    const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
    throw inUse(folder, path, who);
  }
  // Of two that find the lock stale, one moves it away; the other may have moved a new one, and puts it back.
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  if (moved !== undefined && moved !== content) await rename(aside, path);
  else await rm(aside, { force: true });
}

async function isHeld(holder: RunningProcess | undefined, path: string): Promise<boolean> {
  const alive = holder && (await isAlive(holder));
  if (alive === undefined) return await wasTouched(path);
  // This process holds no lock here: an earlier one had the same number, as in a container that was started again.
  return alive && holder?.pid !== process.pid;
}

/** A holder on another machine, or one that cannot be read. */
async function wasTouched(path: string): Promise<boolean> {
  const touched = await stat(path).catch(() => undefined);
  return touched !== undefined && Date.now() - touched.mtimeMs < SILENT_MS;
}

function parseHolder(content: string): RunningProcess | undefined {
  try {
    return runningProcessSchema.parse(JSON.parse(content));
  } catch {
    return undefined;
  }
}

function inUse(folder: string, path: string, who: string): TextRecognizerError {
  return new TextRecognizerError(
    'FOLDER_IN_USE',
    `${folder} is in use by ${who}: choose another folder, or wait until it has ended. If nothing runs there, delete ${path}.`,
  );
}
