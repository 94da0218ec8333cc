import { TextRecognizerError } from '../errors.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import { readModel } from '../predictors/model-store.ts';
import { CharacterReader } from './character-reader.ts';
import type { Reader, ReaderOptions } from './reader.ts';

type LoadReader = (model: string, options: ReaderOptions) => Promise<Reader>;

const loaders: Readonly<Partial<Record<ModelManifest['kind'], LoadReader>>> = {
  character: CharacterReader.load,
};

/** Loads the model with the reader of its kind; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
export async function loadReader(model: string, options: ReaderOptions = {}): Promise<Reader> {
  const { manifest } = await readModel(model);
  const load = loaders[manifest.kind];
  if (load) return await load(model, options);
  throw new TextRecognizerError(
    'MODEL_INVALID',
    `Model '${manifest.name}' reads ${manifest.kind}s; the server does not yet.`,
  );
}
