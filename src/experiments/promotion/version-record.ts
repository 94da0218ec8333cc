import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { jsonDigest } from '../../files/json-digest.ts';
import { sha256 } from '../../files/sha256.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';

const versionSchema = z.strictObject({
  version: z.int().positive(),
  /** Of its model.json, which names the sha256 of its weights. */
  digest: sha256,
  /** When it came here. */
  added: z.string(),
  /** The folder that it was promoted from; undefined where it was installed by other means. */
  source: z.string().optional(),
  /** The version that was installed when this one was promoted: what a rollback goes back to. */
  former: z.int().positive().optional(),
  /** What was checked before. */
  checks: z.array(z.string()).default([]),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0), sha256 })).min(1),
});

const recordSchema = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  versions: z.array(versionSchema),
  /** Of all the above, see `jsonDigest`. */
  digest: sha256,
});

/** One version of a model that is kept. */
export type ModelVersion = z.output<typeof versionSchema>;

/** The folder that keeps the versions of a model: `VERSION/` has the files of each, versions.json says which they are. */
export function versionsFolder(registry: string, name: string): string {
  return join(registry, 'versions', name);
}

/** The versions of a model that are kept, oldest first; throws MODEL_INVALID, or CHECKSUM_MISMATCH where the list was changed. */
export async function listVersions(registry: string, name: string): Promise<readonly ModelVersion[]> {
  const path = recordPath(registry, name);
  if (!existsSync(path)) return [];
  const json = parseJson(await readFile(path, 'utf8'));
  const result = recordSchema.safeParse(json);
  if (!result.success) {
    throw new TextRecognizerError(
      'MODEL_INVALID',
      `${path} does not list versions of a model:\n${z.prettifyError(result.error)}\nRestore it from a backup, or move ${versionsFolder(registry, name)} away to start over.`,
    );
  }
  if ((await jsonDigest(json as object)) !== result.data.digest) {
    throw new TextRecognizerError(
      'CHECKSUM_MISMATCH',
      `${path} was changed: its digest is not the one that it names. Restore it from a backup, or move ${versionsFolder(registry, name)} away to start over.`,
    );
  }
  return result.data.versions;
}

/** Writes the list of versions, whole. */
export async function writeVersions(registry: string, name: string, versions: readonly ModelVersion[]): Promise<void> {
  const record = { format: 1, name, versions };
  const sealed = { ...record, digest: await jsonDigest(record) };
  await writeFileAtomic(recordPath(registry, name), `${JSON.stringify(sealed, null, 2)}\n`);
}

function recordPath(registry: string, name: string): string {
  return join(versionsFolder(registry, name), 'versions.json');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
