import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { jsonDigest } from '../../files/json-digest.ts';
import { sha256 } from '../../files/sha256.ts';
import { listFiles } from './list-files.ts';
import type { ModelFiles } from './model-registry.ts';

/** A path below the model's folder. A shared place may be written by others, so that a file must not be able to leave that folder. */
const fileName = z.string().regex(/^(?!\.{1,2}(?:\/|$))[^/\\:]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\:]+)*$/);

const recordSchema = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  files: z.array(z.strictObject({ name: fileName, bytes: z.int().min(0), sha256 })).min(1),
  /** Of all the above, see `jsonDigest`. */
  digest: sha256,
});

/** A file of a model that was pushed. */
export type PushedFile = z.output<typeof recordSchema>['files'][number];

/** The record that goes with the files of a model to a shared place, as JSON. */
export async function pushedRecord(name: string, files: ModelFiles): Promise<Uint8Array> {
  const record = {
    format: 1,
    name,
    files: listFiles(files),
  };
  return Buffer.from(`${JSON.stringify({ ...record, digest: await jsonDigest(record) })}\n`);
}

/** The files that a record lists; throws MODEL_INVALID or CHECKSUM_MISMATCH, naming the record by `where`. */
export async function parsePushedRecord(bytes: Uint8Array, where: string): Promise<readonly PushedFile[]> {
  const result = recordSchema.safeParse(parseJson(bytes));
  if (!result.success) {
    throw new TextRecognizerError(
      'MODEL_INVALID',
      `${where} does not list the files of a model:\n${z.prettifyError(result.error)}\nPush the model again.`,
    );
  }
  if ((await jsonDigest(result.data)) !== result.data.digest) {
    throw new TextRecognizerError(
      'CHECKSUM_MISMATCH',
      `${where} was changed: its digest is not the one that it names. Push the model again.`,
    );
  }
  return result.data.files;
}

/** The SHA-256 of a file, in hexadecimal digits. */

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
