import { join } from 'node:path';
import { bundledModels } from './model-store.ts';

/** The language model of public-domain English and French that comes with the package. */
export const bundledLanguageModel = join(bundledModels, 'language-model', 'language-model.bin');
