import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findModel } from '../../models/model-store.ts';
import { parseReference, type Reference } from './reference.ts';

/** The file of a model's reference, beside its weights. */
export const REFERENCE_FILE = 'monitoring.json';

/** The reference in a file; undefined where there is none. Throws FILE_CORRUPT or CHECKSUM_MISMATCH. */
async function readReference(path: string): Promise<Reference | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : await parseReference(text, path);
}

/**
 * The reference for a model, which is named or is a folder: of one's own requests, in the folder of the monitoring, otherwise the one
 * that comes with it.
 */
export async function findReference(
  model: string,
  name: string,
  folder?: string,
): Promise<{ readonly reference?: Reference; readonly isOwn: boolean }> {
  const own = folder === undefined ? undefined : await readReference(join(folder, ownReference(name)));
  if (own !== undefined) return { reference: own, isOwn: true };
  return { reference: await readReference(join(await findModel(model), REFERENCE_FILE)), isOwn: false };
}

/** The file of a reference of one's own requests. */
export function ownReference(name: string): string {
  return `${name}.${REFERENCE_FILE}`;
}
