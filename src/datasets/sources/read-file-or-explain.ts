import { readFile } from 'node:fs/promises';
import { TextRecognizerError } from '../../errors.ts';

/** The bytes of a file; throws `FILE_NOT_FOUND` with `hint` when there is none. */
export async function readFileOrExplain(path: string, hint = 'Is the path right?'): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${message})`;
    throw new TextRecognizerError('FILE_NOT_FOUND', `${path} ${reason}. ${hint}`, { cause: error });
  }
}
