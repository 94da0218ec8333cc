import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainWrite, makeFolder } from './explain-write.ts';

type FileContent = Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file so that readers see the old or the new content, never a part: temporary name, fsync, rename. Pieces are written as they
 * come. Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function writeFileAtomic(path: string, content: FileContent): Promise<void> {
  await writeAside(path, content, (temporary) => rename(temporary, path));
}

/**
 * Writes a file as a whole unless there is one of its name; of several processes that try, one only gets true, also on NFS, as each makes a
 * hard link. Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function createFileAtomic(path: string, content: Uint8Array): Promise<boolean> {
  let created = true;
  await writeAside(path, content, async (temporary) => {
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      created = false;
    });
    await rm(temporary, { force: true });
  });
  return created;
}

/** Writes a temporary file that `publish` puts in its place; it is removed where either fails. */
async function writeAside(
  path: string,
  content: FileContent,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainWrite(path, error);
  }
  await syncFolder(folder);
}

/** Makes a rename durable; not every platform can sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows refuses to open folders; the rename itself is atomic there.
  }
}
