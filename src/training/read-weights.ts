import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { decodeSafetensors } from '../files/safetensors.ts';

/**
 * The weights of a `.safetensors` file, by name. Its checksum is verified: its own, and that of a file SHA256SUMS beside it, if
 * there is one. Throws FILE_NOT_FOUND, FILE_CORRUPT or CHECKSUM_MISMATCH.
 */
export async function readWeights(path: string): Promise<Map<string, Float32Array>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `There are no weights at ${path}; give a .safetensors file of a run.`,
      { cause },
    );
  });
  await checkSums(path, bytes);
  return decodeSafetensors(bytes, path);
}

/** As `sha256sum -c SHA256SUMS` would. */
async function checkSums(path: string, bytes: Uint8Array): Promise<void> {
  const sums = await readFile(join(dirname(path), 'SHA256SUMS'), 'utf8').catch(() => '');
  const wanted = sums.split('\n').find((line) => line.slice(66) === basename(path));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (wanted === undefined || wanted.startsWith(found)) return;
  throw new TextRecognizerError(
    'CHECKSUM_MISMATCH',
    `${path} has the SHA-256 ${found}, but SHA256SUMS states ${wanted.slice(0, 64)}; download the file again.`,
  );
}
