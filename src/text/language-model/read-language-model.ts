import { readFile } from 'node:fs/promises';
import { TextRecognizerError } from '../../errors.ts';
import type { LanguageModel } from './language-model.ts';
import { decodeLanguageModel } from './language-model-file.ts';

/** Reads a language model from a file; throws `FILE_NOT_FOUND`, `FILE_CORRUPT` or `CHECKSUM_MISMATCH`. */
export async function readLanguageModel(path: string): Promise<LanguageModel> {
  return await decodeLanguageModel(await readOrExplain(path), `The language model ${path}`);
}

async function readOrExplain(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `Cannot read the language model ${path}; train one with the command train-language-model, or decode without it (greedy or beam).`,
      { cause },
    );
  }
}
