import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { GraphRunner } from '../../../src/runtime/tensor.ts';
import type { ModelManifest } from '../../../src/models/model-manifest.ts';
import type { LanguageModel } from '../../../src/text/language-model/language-model.ts';
import type { Reading } from '../reading/reading.ts';
import { characterModel } from './character-model.ts';
import { lineModel } from './line-model.ts';

/** A model that is ready to read in this browser. */
export interface DeviceModel {
  read(image: GrayImage): Promise<Reading>;
}

/** Makes a reader of its kind from a model's session and, for lines, a language model. */
export function deviceModel(
  manifest: ModelManifest,
  session: GraphRunner,
  languageModel: LanguageModel | undefined,
): DeviceModel {
  return manifest.kind === 'line' ? lineModel(manifest, session, languageModel) : characterModel(manifest, session);
}
