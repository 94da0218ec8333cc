import { readFile } from 'node:fs/promises';
import { TextRecognizerError } from '../errors.ts';
import { decodeSafetensors } from '../training/safetensors.ts';

/** The weights of a `.safetensors` file, by name; throws FILE_NOT_FOUND or FILE_CORRUPT. */
export async function readWeights(path: string): Promise<Map<string, Float32Array>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `There are no weights at ${path}; give a .safetensors file of a run.`,
      { cause },
    );
  });
  return decodeSafetensors(bytes, path);
}
