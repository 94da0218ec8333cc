import { readFile } from 'node:fs/promises';
import { TextRecognizerError } from '../errors.ts';

/** The secret in a file, without white space around it; throws FILE_NOT_FOUND, or INVALID_ARGUMENT for an empty file. `what` names it. */
export async function readSecret(path: string, what: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'does not exist' : `cannot be read (${cause.message})`;
    throw new TextRecognizerError('FILE_NOT_FOUND', `${path}, the file with ${what}, ${reason}.`, { cause });
  });
  const secret = text.trim();
  if (secret !== '') return secret;
  throw new TextRecognizerError('INVALID_ARGUMENT', `${path}, the file with ${what}, is empty.`);
}
