import { readFile } from 'node:fs/promises';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText } from '../../files/decode-text.ts';
import { JsonSource } from './json-source.ts';

/** Reads a JSON file; throws FILE_NOT_FOUND, or INVALID_ARGUMENT with the line of what is no JSON. */
export async function readJsonSource(file: string): Promise<JsonSource> {
  let text: string;
  try {
    text = decodeText(await readFile(file));
  } catch (cause) {
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no file ${file}; see experiments/ for examples.`, {
      cause,
    });
  }
  return new JsonSource(text, file);
}
