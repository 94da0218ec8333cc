import { TextRecognizerError } from '../errors.ts';
import { defaultModels } from './default-models.ts';
import { isFreeLicence, type WantedLicence } from './model-licence.ts';
import type { ModelManifest } from './model-manifest.ts';
import { listModels } from './model-store.ts';

/**
 * The names of the bundled models under a licence that read, but for steps of the course, the best of them first; throws MODEL_NOT_FOUND where there
 * is none.
 */
export async function modelsToServe(licence: WantedLicence = 'any'): Promise<string[]> {
  const isWanted = (model: ModelManifest): boolean =>
    model.kind !== 'page' && !model.course && (licence === 'any' || isFreeLicence(model.licence));
  const names = (await listModels()).filter(isWanted).map(({ name }) => name);
  if (names.length === 0)
    throw new TextRecognizerError('MODEL_NOT_FOUND', 'No model is bundled here; name one with --model.');
  const best = defaultModels.character;
  return names.includes(best) ? [best, ...names.filter((name) => name !== best)] : names;
}
