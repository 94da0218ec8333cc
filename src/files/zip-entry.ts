import type { Readable } from 'node:stream';
import { basename } from 'node:path/posix';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { TextRecognizerError } from '../errors.ts';

/** A file in a zip archive, to be read once. */
export interface ZipEntry {
  readonly bytes: Readable;
  /** Size once unpacked. */
  readonly size: number;
}

/**
 * Opens the file called `name` in a zip archive, in whatever folder it lies there, gives it to `use` and closes the archive. Throws
 * `FILE_NOT_FOUND` when archive or file are missing, `FILE_CORRUPT` when the archive cannot be read.
 */
export async function withZipEntry<T>(path: string, name: string, use: (entry: ZipEntry) => Promise<T>): Promise<T> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false });
    const entry = await findEntry(zip, path, name);
    return await use({ bytes: await zip.openReadStreamPromise(entry), size: entry.uncompressedSize });
  } catch (error) {
    throw toTypedError(path, error);
  } finally {
    zip?.close();
  }
}

async function findEntry(zip: ZipFile, path: string, name: string): Promise<Entry> {
  for await (const entry of zip.eachEntry()) {
    if (basename(entry.fileName) === name) return entry;
  }
  throw new TextRecognizerError('FILE_NOT_FOUND', `There is no ${name} in ${path}.`);
}

function toTypedError(path: string, error: unknown): TextRecognizerError {
  if (error instanceof TextRecognizerError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return new TextRecognizerError('FILE_NOT_FOUND', `There is no file ${path}.`, { cause: error });
  return new TextRecognizerError('FILE_CORRUPT', `Cannot read ${path} as a zip archive: ${message}. Fetch it again.`, {
    cause: error,
  });
}
