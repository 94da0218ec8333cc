import type { ModelManifest } from '../models/model-manifest.ts';

type Kind = ModelManifest['kind'];

/** The bundled models that read where none is named. */
export const defaultModels: Readonly<Record<Kind, string>> = { character: 'character-cnn', line: 'line-recognizer' };

/** The same among the models that may be used for any purpose. */
export const freeModels: Readonly<Record<Kind, string>> = { character: 'character-cnn', line: 'line-recognizer-open' };

/**
 * What an image holds where nobody says so, by its width over its height: nobody writes one character twice as wide as high,
 * nor a line that is not.
 */
export function kindOfShape(ratio: number): Kind {
  return ratio > 2 ? 'line' : 'character';
}
