import { open } from 'node:fs/promises';
import { TextRecognizerError } from '../errors.ts';
import { type Adapter, decodeAdapter, maxAdapterBytes } from './adapter.ts';

/** Reads the file of an adapter; throws FILE_NOT_FOUND, FILE_CORRUPT or CHECKSUM_MISMATCH. */
export async function readAdapter(path: string): Promise<Adapter> {
  return decodeAdapter(await readSmall(path), path);
}

/** At most a byte more than an adapter may have, whatever the file is. */
async function readSmall(path: string): Promise<Uint8Array> {
  const missing = (cause: unknown) =>
    new TextRecognizerError('FILE_NOT_FOUND', `There is no adapter ${path}; \`text-recognizer adapt\` makes one.`, {
      cause,
    });
  const file = await open(path).catch((cause: unknown) => {
    throw missing(cause);
  });
  try {
    const { size } = await file.stat();
    if (size <= maxAdapterBytes) return await file.readFile();
  } catch (cause) {
    throw missing(cause);
  } finally {
    await file.close();
  }
  throw new TextRecognizerError(
    'FILE_CORRUPT',
    `${path} is not an adapter: it has more than ${maxAdapterBytes} bytes.`,
  );
}
