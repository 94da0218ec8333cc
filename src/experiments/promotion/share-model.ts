import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { jsonDigest } from '../../files/json-digest.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { readModel } from '../../models/model-store.ts';
import { openRunStore, placeIn, type RunStore } from '../queue/run-store.ts';
import { installModel, readFiles, type ModelFiles } from './model-registry.ts';
import type { ModelVersion } from './version-record.ts';

/*
 * A shared place, a folder or S3, has `NAME/files/SHA256` for each file of the models that were pushed, `NAME/DIGEST.json` for each model
 * with its files, and `NAME/latest` with the digest of the last one. They are written in this order, so that what is named is complete, and
 * pushing a model again never changes a file that a record names.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A path below the model's folder. A shared place may be written by others, so that a file must not be able to leave that folder. */
const fileName = z.string().regex(/^(?!\.{1,2}(?:\/|$))[^/\\:]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\:]+)*$/);

const recordSchema = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  files: z.array(z.strictObject({ name: fileName, bytes: z.int().min(0), sha256 })).min(1),
  /** Of all the above, see `jsonDigest`. */
  digest: sha256,
});

/**
 * Copies the installed model of a name to a shared place (`s3://BUCKET/PREFIX`, or a folder) and returns its digest, which names it there.
 * Throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH where the model is damaged, and STORE_UNAVAILABLE.
 */
export async function pushModel(registry: string, name: string, place: string): Promise<string> {
  const folder = join(registry, name);
  const { manifest } = await readModel(folder);
  const store = await openRunStore(placeIn(place, name));
  const files = await readFiles(folder);
  for (const bytes of files.values()) await store.write(`files/${hashOf(bytes)}`, bytes);
  const record = {
    format: 1,
    name,
    files: [...files].map(([file, bytes]) => ({ name: file, bytes: bytes.length, sha256: hashOf(bytes) })),
  };
  await store.write(
    `${manifest.digest}.json`,
    toBytes(JSON.stringify({ ...record, digest: await jsonDigest(record) })),
  );
  await store.write('latest', toBytes(manifest.digest));
  return manifest.digest;
}

/**
 * Installs a model of a shared place: the last that was pushed, or the one with this digest; the former is kept for a rollback. Throws
 * MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH, and STORE_UNAVAILABLE; the installed model then stays.
 */
export async function pullModel(registry: string, name: string, place: string, digest?: string): Promise<ModelVersion> {
  const store = await openRunStore(placeIn(place, name));
  const wanted = digest ?? toText(await store.read('latest'))?.trim() ?? '';
  const record = sha256.safeParse(wanted).success ? await store.read(`${wanted}.json`) : undefined;
  if (record === undefined) {
    const model = digest === undefined ? `model '${name}'` : `version ${digest} of '${name}'`;
    throw new TextRecognizerError(
      'MODEL_NOT_FOUND',
      `There is no ${model} at ${place}. Push it there with \`models push ${name} ${place}\`.`,
    );
  }
  const where = placeIn(place, name, `${wanted}.json`);
  const files = await readPushed(store, await parseRecord(record, where), where);
  await requireModel(files, name, wanted, where);
  return await installModel(registry, { name, digest: wanted }, files, { source: where, checks: [] });
}

async function parseRecord(bytes: Uint8Array, path: string): Promise<z.output<typeof recordSchema>> {
  const result = recordSchema.safeParse(parseJson(bytes));
  if (!result.success) {
    throw new TextRecognizerError(
      'MODEL_INVALID',
      `${path} does not list the files of a model:\n${z.prettifyError(result.error)}\nPush the model again.`,
    );
  }
  if ((await jsonDigest(result.data)) !== result.data.digest) {
    throw new TextRecognizerError(
      'CHECKSUM_MISMATCH',
      `${path} was changed: its digest is not the one that it names. Push the model again.`,
    );
  }
  return result.data;
}

/** The files of a model that was pushed, each with the SHA-256 of the record. */
async function readPushed(
  store: RunStore,
  { files }: z.output<typeof recordSchema>,
  where: string,
): Promise<ModelFiles> {
  const read = new Map<string, Uint8Array>();
  for (const { name, sha256: expected } of files) {
    const bytes = await store.read(`files/${expected}`);
    if (bytes === undefined || hashOf(bytes) !== expected) {
      throw new TextRecognizerError(
        'CHECKSUM_MISMATCH',
        `${name}, which ${where} lists, ${bytes ? 'was changed' : 'is missing'}. Push the model again.`,
      );
    }
    read.set(name, bytes);
  }
  return read;
}

/** Refuses what is no model, or another one than its place says. */
async function requireModel(files: ModelFiles, name: string, digest: string, where: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pulled-model-'));
  try {
    for (const [file, bytes] of files) await writeFileAtomic(join(folder, file), bytes);
    const { manifest } = await readModel(folder);
    if (manifest.name === name && manifest.digest === digest) return;
    throw new TextRecognizerError(
      'MODEL_INVALID',
      `${where} contains the model '${manifest.name}' with the digest ${manifest.digest}. Push '${name}' again.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const toBytes = (text: string): Uint8Array => Buffer.from(`${text}\n`);

const toText = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('utf8');
