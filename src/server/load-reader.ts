import type { ModelManifest } from '../models/model-manifest.ts';
import { readModel } from '../predictors/model-store.ts';
import { CharacterReader } from './character-reader.ts';
import { LineReader } from './line-reader.ts';
import type { Reader, ReaderOptions } from './reader.ts';

type LoadReader = (model: string, options: ReaderOptions) => Promise<Reader>;

const loaders: Readonly<Record<ModelManifest['kind'], LoadReader>> = {
  character: CharacterReader.load,
  line: LineReader.load,
};

/** Loads the model with the reader of its kind; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
export async function loadReader(model: string, options: ReaderOptions = {}): Promise<Reader> {
  const { manifest } = await readModel(model);
  return await loaders[manifest.kind](model, options);
}
