import type { ModelManifest } from './model-manifest.ts';

type Kind = ModelManifest['kind'];

/** The bundled models that read where none is named. */
export const defaultModels: Readonly<Record<Kind, string>> = { character: 'character-cnn', line: 'line-recognizer' };

/** The same among the models that may be used for any purpose. */
export const freeModels: Readonly<Record<Kind, string>> = { character: 'character-cnn', line: 'line-recognizer-open' };
