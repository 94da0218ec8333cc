import { TextRecognizerError } from '../errors.ts';
import type { ReaderManifest } from '../models/model-manifest.ts';
import type { Content } from './find-content.ts';

/**
 * The model of that name or, where none is named, the first that reads what is in the picture; the first of all where there is
 * none of its kind. Throws MODEL_NOT_FOUND.
 */
export function chooseModel<Model extends { readonly manifest: Pick<ReaderManifest, 'name' | 'kind'> }>(
  models: readonly Model[],
  content: Content,
  wanted?: string,
): Model {
  if (wanted === undefined) {
    const kind = content === 'character' || content === 'unclear' ? 'character' : 'line';
    return (content === 'blank' ? undefined : models.find(({ manifest }) => manifest.kind === kind)) ?? models[0];
  }
  const named = models.find(({ manifest }) => manifest.name === wanted);
  if (named !== undefined) return named;
  const names = models.map(({ manifest }) => manifest.name).join(', ');
  throw new TextRecognizerError(
    'MODEL_NOT_FOUND',
    `There is no model '${wanted.slice(0, 100)}' here; there is ${names}.`,
  );
}
