import { type FileHandle, open, stat } from 'node:fs/promises';
import { TextRecognizerError } from '../errors.ts';
import { checkByteCount, type ImageLimits } from './image-limits.ts';

/** So many bytes tell a file's format. */
const HEAD_BYTES = 512;

/** Reads an image file of as many bytes as its format may have; throws FILE_NOT_FOUND, INVALID_IMAGE or IMAGE_TOO_LARGE. */
export async function readImageFile(path: string, limits: ImageLimits): Promise<Uint8Array> {
  try {
    await checkFile(path);
    return await readAllowed(path, limits);
  } catch (error) {
    throw readableError(path, error);
  }
}

/** Looks before opening: opening a named pipe would wait forever, reading a device would never end. */
async function checkFile(path: string): Promise<void> {
  const info = await stat(path);
  if (info.isDirectory()) {
    throw new TextRecognizerError('INVALID_IMAGE', `"${path}" is a folder. Name an image file inside it.`);
  }
  if (!info.isFile()) {
    throw new TextRecognizerError('INVALID_IMAGE', `"${path}" is not a regular file. Name an image file.`);
  }
}

/** Reads the file through one handle, as much as it had when that was opened. */
async function readAllowed(path: string, limits: ImageLimits): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readBytes(file, Math.min(HEAD_BYTES, size));
    checkByteCount(`"${path}"`, size, head, limits);
    return await readBytes(file, size);
  } finally {
    await file.close();
  }
}

/** The first `size` bytes; fewer where the file ends before. */
async function readBytes(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
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
