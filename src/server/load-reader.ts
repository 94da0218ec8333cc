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
