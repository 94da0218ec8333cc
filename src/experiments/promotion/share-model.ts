import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { readModel } from '../../models/model-store.ts';
import { MlflowPlace } from './mlflow-place.ts';
import type { FoundModel, ModelPlace } from './model-place.ts';
import { installModel, readFiles, type ModelFiles } from './model-registry.ts';
import { hashOf } from './list-files.ts';
import { parsePushedRecord, pushedRecord } from './pushed-record.ts';
import { StorePlace } from './store-place.ts';
import type { ModelVersion } from './version-record.ts';

/**
 * Copies the installed model of a name to a shared place (a folder, `s3://BUCKET/PREFIX`, `mlflow:` or `mlflow:REGISTERED`) and returns its
 * digest, which names it there. Throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH where the model is damaged, and STORE_UNAVAILABLE or
 * TRACKER_FAILED where the place does not answer.
 */
export async function pushModel(registry: string, name: string, place: string): Promise<string> {
  const folder = join(registry, name);
  const { manifest } = await readModel(folder);
  const { digest, description } = manifest;
  const files = await readFiles(folder);
  await openModelPlace(place).push({ name, digest, description, files, record: await pushedRecord(name, files) });
  return digest;
}

/**
 * Installs a model of a shared place: the last that was pushed, or the one with this digest; the former is kept for a rollback. Throws
 * MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH, and STORE_UNAVAILABLE or TRACKER_FAILED; the installed model then stays.
 */
export async function pullModel(registry: string, name: string, place: string, digest?: string): Promise<ModelVersion> {
  const found = await openModelPlace(place).find(name, digest);
  if (found === undefined) {
    const model = digest === undefined ? `model '${name}'` : `version ${digest} of '${name}'`;
    throw new TextRecognizerError(
      'MODEL_NOT_FOUND',
      `There is no ${model} at ${place}. Push it there with \`models push ${name} ${place}\`.`,
    );
  }
  const files = await readPushed(found);
  await requireModel(files, name, found);
  return await installModel(registry, { name, digest: found.digest }, files, { source: found.where, checks: [] });
}

function openModelPlace(place: string): ModelPlace {
  const [, registered] = /^mlflow:(.*)$/.exec(place) ?? [];
  if (registered === undefined) return new StorePlace(place);
  return new MlflowPlace(process.env, registered === '' ? undefined : registered);
}

/** The files of a model that was pushed, each with the SHA-256 of the record. */
async function readPushed({ record, where, read }: FoundModel): Promise<ModelFiles> {
  const files = new Map<string, Uint8Array>();
  for (const file of await parsePushedRecord(record, where)) {
    const bytes = await read(file);
    if (bytes === undefined || hashOf(bytes) !== file.sha256) {
      throw new TextRecognizerError(
        'CHECKSUM_MISMATCH',
        `${file.name}, which ${where} lists, ${bytes ? 'was changed' : 'is missing'}. Push the model again.`,
      );
    }
    files.set(file.name, bytes);
  }
  return files;
}

/** Refuses what is no model, or another one than its place says. */
async function requireModel(files: ModelFiles, name: string, { digest, where }: FoundModel): Promise<void> {
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
