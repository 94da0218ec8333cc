import { TextRecognizerError } from '../errors.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import type { Content } from './find-content.ts';

/**
 * The model of that name or, where none is named, the first that reads what is in the picture; the first of all where there is
 * none of its kind. Throws MODEL_NOT_FOUND.
 */
export function chooseModel<Model extends Pick<ModelManifest, 'name' | 'kind'>>(
  models: readonly Model[],
  content: Content,
  wanted?: string,
): Model {
  if (wanted === undefined) {
    const kind = content === 'character' ? 'character' : 'line';
    return (content === 'blank' ? undefined : models.find((model) => model.kind === kind)) ?? models[0];
  }
  const named = models.find(({ name }) => name === wanted);
  if (named !== undefined) return named;
  const names = models.map(({ name }) => name).join(', ');
  throw new TextRecognizerError(
    'MODEL_NOT_FOUND',
    `The model '${wanted.slice(0, 100)}' is not loaded here; there is ${names}.`,
  );
}
