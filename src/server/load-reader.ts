import type { ModelManifest } from '../models/model-manifest.ts';
import { readModel, type StoredModel } from '../predictors/model-store.ts';
import { CharacterReader } from './character-reader.ts';
import { LineReader } from './line-reader.ts';
import type { Reader, ReaderOptions } from './reader.ts';

type OpenReader = (stored: StoredModel, options: ReaderOptions) => Promise<Reader>;

const readers: Readonly<Record<ModelManifest['kind'], OpenReader>> = {
  character: CharacterReader.open,
  line: LineReader.open,
};

/** Loads the model with the reader of its kind; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
export async function loadReader(model: string, options: ReaderOptions = {}): Promise<Reader> {
  const stored = await readModel(model);
  return await readers[stored.manifest.kind](stored, options);
}

/**
 * Loads several models at once; throws what the first of them that cannot be loaded does, after the others are freed: a
 * thread that ends while ONNX Runtime loads something takes the whole process along.
 */
export async function loadReaders(models: readonly string[], options: ReaderOptions = {}): Promise<Reader[]> {
  const outcomes = await Promise.allSettled(models.map((model) => loadReader(model, options)));
  const loaded = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return loaded;
  await Promise.all(loaded.map((reader) => reader.close()));
  throw failed.reason;
}
