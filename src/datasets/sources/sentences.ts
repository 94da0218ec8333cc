import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText } from '../../files/decode-text.ts';

/** The sentences of a text file, one a line, plain or gzip; blank lines are left out. Throws `FILE_NOT_FOUND` or `FILE_CORRUPT`. */
export async function readSentences(path: string): Promise<string[]> {
  const bytes = await readOrExplain(path);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const sentences = decodeText(isGzip ? unpack(bytes, path) : bytes)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  if (sentences.length > 0) return sentences;
  throw new TextRecognizerError('FILE_CORRUPT', `${path} has no text; it should hold one sentence a line.`);
}

async function readOrExplain(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const message = `Cannot read the sentences ${path}; the bundled ones are in data/sentences.`;
    throw new TextRecognizerError('FILE_NOT_FOUND', message, { cause });
  }
}

function unpack(bytes: Buffer, path: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new TextRecognizerError('FILE_CORRUPT', `${path} is not a whole gzip file; fetch it again.`, { cause });
  }
}
