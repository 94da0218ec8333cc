import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { readFileOrExplain } from './read-file-or-explain.ts';

/** A JSON of more bytes than this, unpacked, is not the index of a pack. */
const MAX_JSON_BYTES = 1 << 29;

/** The JSON in a gzip file, as `schema` wants it; throws `FILE_NOT_FOUND`, `FILE_CORRUPT` or `DATASET_INVALID`. */
export async function readPackJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const packed = await readFileOrExplain(path, 'A pack is a .bin.gz and a .json.gz of the same name.');
  const parsed = schema.safeParse(await parseJson(path, packed));
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0];
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${path} is not the index of a pack: ${place.join('.') || 'all'}: ${message}.`,
  );
}

async function parseJson(path: string, packed: Uint8Array): Promise<unknown> {
  try {
    const json = await promisify(gunzip)(packed, { maxOutputLength: MAX_JSON_BYTES });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (error) {
    const reason = (error as Error).message;
    throw new TextRecognizerError('FILE_CORRUPT', `${path} is not JSON in gzip (${reason}).`, { cause: error });
  }
}
