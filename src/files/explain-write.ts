import { existsSync } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { TextRecognizerError } from '../errors.ts';

/** What prevents a write, by the system's code, and the cure. */
const causes: Readonly<Record<string, string>> = {
  EACCES: 'writing there is not permitted. Change its permissions, or choose another place',
  EPERM: 'writing there is not permitted. Change its permissions, or choose another place',
  EROFS: 'the file system is read-only. Choose another place, or mount it writable',
  EISDIR: 'there is a folder of that name. Choose another name, or remove the folder',
  ENOTEMPTY: 'there is a folder of that name. Choose another name, or remove the folder',
  EEXIST: 'a file has the name of a folder that is needed. Choose another name, or move the file away',
  ENOTDIR: 'a file has the name of a folder that is needed. Choose another name, or move the file away',
  ENAMETOOLONG: 'the name is too long. Choose a shorter one',
  EBUSY: 'another program uses it. Close that program and try again',
  EFBIG: 'the file would be larger than the file system or the user may have. Choose another place',
  EIO: 'the disk reports an error. Check the disk, or choose another place',
};

const full = new Set(['ENOSPC', 'EDQUOT']);

/** A failure to write `path` as DISK_FULL or FILE_NOT_WRITABLE, with its cure; errors that the system did not report, as they are. */
export function explainWrite(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof TextRecognizerError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  if (full.has(code)) {
    const cure = 'Make room, or choose a place on another disk, and run it again.';
    return new TextRecognizerError('DISK_FULL', `${path} cannot be written: the disk is full. ${cure}`, {
      cause: error,
    });
  }
  const reason = causes[code] ?? `the system says "${message}". Choose another place`;
  return new TextRecognizerError('FILE_NOT_WRITABLE', `${path} cannot be written: ${reason}.`, { cause: error });
}

/** Makes a folder and those above it; throws DISK_FULL or FILE_NOT_WRITABLE. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw explainWrite(path, await mkdirError(resolve(path), error));
  }
}

/** On a read-only file system a recursive mkdir of Node says ENOENT; a plain one of the topmost missing folder says why. */
async function mkdirError(path: string, error: unknown): Promise<unknown> {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  let missing = path;
  while (dirname(missing) !== missing && !existsSync(dirname(missing))) missing = dirname(missing);
  return await mkdir(missing).then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** Throws what `writeFileAtomic` would throw for `path`, before the work whose result is to be written there. */
export async function requireWritable(path: string): Promise<void> {
  await makeFolder(dirname(path));
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    const probe = `${path}.${process.pid}.tmp`;
    await open(probe, 'w').then((file) => file.close());
    await rm(probe);
  } catch (error) {
    throw explainWrite(path, error);
  }
}
