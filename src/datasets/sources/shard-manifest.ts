import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText } from '../../files/decode-text.ts';
import { jsonDigest } from '../../files/json-digest.ts';
import { sha256 } from '../../files/sha256.ts';

/** The file that makes a folder of shards a dataset; written last, so an interrupted writing leaves nothing that opens. */
export const MANIFEST_FILE = 'manifest.json';

const file = z.string().regex(/^[\w-][\w.-]*$/);
const size = z.number().int().min(1);

const manifestSchema = z.strictObject({
  format: z.literal('text-recognizer-shards'),
  version: z.literal(1),
  name: z.string(),
  classes: z.array(z.string()).min(1).max(256),
  height: size,
  width: size,
  count: z.number().int().min(0),
  /** One byte per item. */
  labels: z.strictObject({ file, sha256 }),
  /** Images of all items in order, `[count, height, width]` per shard. */
  shards: z.array(z.strictObject({ file, count: size, sha256 })),
  /** Of all the above, see `jsonDigest`; manifests before 0.2 have none. */
  digest: sha256.optional(),
});

/** What `manifest.json` says of a dataset in shards. */
export type ShardManifest = z.infer<typeof manifestSchema>;

/** Reads and checks the manifest of `folder`; throws `DATASET_NOT_FOUND`, `DATASET_INVALID` or `CHECKSUM_MISMATCH`. */
export async function readManifest(folder: string): Promise<ShardManifest> {
  const path = join(folder, MANIFEST_FILE);
  const manifest = parseManifest(path, await readText(path));
  const items = manifest.shards.reduce((total, shard) => total + shard.count, 0);
  if (items !== manifest.count) throw invalid(path, `its shards hold ${items} items, not ${manifest.count}`);
  await checkDigest(path, manifest);
  return manifest;
}

async function checkDigest(path: string, manifest: ShardManifest): Promise<void> {
  const found = await jsonDigest(manifest);
  if (manifest.digest === undefined || manifest.digest === found) return;
  throw new TextRecognizerError(
    'CHECKSUM_MISMATCH',
    `${path} was changed: its digest is ${found}, and it names ${manifest.digest}. Write the dataset again.`,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return decodeText(await readFile(path));
  } catch (cause) {
    throw new TextRecognizerError(
      'DATASET_NOT_FOUND',
      `Cannot open ${path} (${(cause as Error).message}). ` +
        'Either the folder holds no dataset or its writing was interrupted: write it again.',
      { cause },
    );
  }
}

function parseManifest(path: string, text: string): ShardManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, (cause as Error).message, cause);
  }
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  throw invalid(path, z.prettifyError(result.error), result.error);
}

function invalid(path: string, problem: string, cause?: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'DATASET_INVALID',
    `${path} describes no dataset: ${problem}. Write the dataset again.`,
    {
      cause,
    },
  );
}
