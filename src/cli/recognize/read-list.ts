import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { TextRecognizerError } from '../../errors.ts';
import type { RecognizeInput } from './list-inputs.ts';

/**
 * The files that a text file lists, one on a line, relative to the working directory. Results are called as the paths, without the
 * extension where no line above has that name. Empty lines are passed over. Throws FILE_NOT_FOUND where the list is not there or empty.
 */
export async function* readList(list: string): AsyncGenerator<RecognizeInput> {
  const stream = createReadStream(list, 'utf8');
  const names = new Set<string>();
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const file = line.trim();
      if (file === '') continue;
      const path = nameOf(file);
      const name = [path.replace(/\.[^./]+$/u, ''), path].find((each) => !names.has(each));
      // A file that is listed twice is read once.
      if (name === undefined) continue;
      names.add(name);
      yield { file, name };
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined || cause instanceof TextRecognizerError) throw cause;
    const message = `The list ${list} cannot be read (${(cause as Error).message}).`;
    throw new TextRecognizerError('FILE_NOT_FOUND', message, { cause });
  } finally {
    stream.destroy();
  }
  if (names.size === 0) throw new TextRecognizerError('FILE_NOT_FOUND', `The list ${list} names no file.`);
}

/** A path below the folder of results: without a bucket or a drive, and never above it. */
function nameOf(file: string): string {
  const path = file.replace(/^s3:\/\/[^/]+\//u, '').replace(/^[A-Za-z]:/u, '');
  return path
    .split(/[/\\]/u)
    .filter((part) => !['', '.', '..'].includes(part))
    .join('/');
}
