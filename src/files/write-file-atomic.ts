import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainWrite, makeFolder } from './explain-write.ts';

/**
 * Writes a file so that readers see the old or the new content, never a part: temporary name, fsync, rename. Pieces are written as they
 * come. Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
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
