import { TextRecognizerError } from '../errors.ts';
import { defaultModels } from './default-models.ts';
import { listModels } from './model-store.ts';

/** The names of the bundled models that read, but for steps of the course, the best of them first; throws MODEL_NOT_FOUND where there is none. */
export async function modelsToServe(): Promise<string[]> {
  const names = (await listModels()).filter(({ course, kind }) => !course && kind !== 'page').map(({ name }) => name);
  if (names.length === 0)
    throw new TextRecognizerError('MODEL_NOT_FOUND', 'No model is bundled here; name one with --model.');
  const best = defaultModels.character;
  return names.includes(best) ? [best, ...names.filter((name) => name !== best)] : names;
}
