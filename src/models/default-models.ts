import type { ReaderManifest } from './model-manifest.ts';

type Kind = ReaderManifest['kind'];

/** The bundled models that read where none is named. */
export const defaultModels: Readonly<Record<Kind, string>> = { character: 'character-cnn', line: 'line-recognizer' };

/** The bundled model that finds the lines of a picture. */
export const defaultPageModel = 'page';

/** The same among the models that may be used for any purpose. */
export const freeModels: Readonly<Record<Kind, string>> = { character: 'character-cnn', line: 'line-recognizer-open' };
