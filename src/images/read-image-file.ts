import { open, stat } from 'node:fs/promises';
import { TextRecognizerError } from '../errors.ts';
import { formatBytes } from './image-limits.ts';

/** Reads an image file of at most `maxBytes`; throws FILE_NOT_FOUND, INVALID_IMAGE or IMAGE_TOO_LARGE. */
export async function readImageFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await checkFile(path, maxBytes);
    return await readAtMost(path, maxBytes);
  } catch (error) {
    throw readableError(path, error);
  }
}

/** Looks before opening: opening a named pipe would wait forever, reading a device would never end. */
async function checkFile(path: string, maxBytes: number): Promise<void> {
  const info = await stat(path);
  if (info.isDirectory()) {
    throw new TextRecognizerError('INVALID_IMAGE', `"${path}" is a folder. Name an image file inside it.`);
  }
  if (!info.isFile()) {
    throw new TextRecognizerError('INVALID_IMAGE', `"${path}" is not a regular file. Name an image file.`);
  }
  if (info.size > maxBytes) throw tooManyBytes(path, info.size, maxBytes);
}

/** Reads the file through one handle and stops if it grew past `maxBytes` in the meantime. */
async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw tooManyBytes(path, size, maxBytes);
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

function tooManyBytes(path: string, size: number, maxBytes: number): TextRecognizerError {
  return new TextRecognizerError(
    'IMAGE_TOO_LARGE',
    `"${path}" has ${formatBytes(size)}, more than the ${formatBytes(maxBytes)} allowed. Save it smaller.`,
  );
}

function readableError(path: string, error: unknown): Error {
  if (error instanceof TextRecognizerError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const cure = /^[a-z]+:\/\//i.test(path)
      ? 'Addresses are not fetched: download the image first, then name the file or pass its bytes.'
      : 'Check the spelling and the folder you are in.';
    return new TextRecognizerError('FILE_NOT_FOUND', `There is no file "${path}". ${cure}`, { cause: error });
  }
  const message = `The file "${path}" cannot be read (${code}). Check the name and the permissions.`;
  return new TextRecognizerError('FILE_NOT_FOUND', message, { cause: error });
}
