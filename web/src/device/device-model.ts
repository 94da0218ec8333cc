import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { GraphRunner } from '../../../src/runtime/tensor.ts';
import type { ModelManifest } from '../../../src/models/model-manifest.ts';
import type { Reading } from '../reading/reading.ts';
import { characterModel } from './character-model.ts';
import { lineModel } from './line-model.ts';

/** A model that is ready to read in this browser. */
export interface DeviceModel {
  read(image: GrayImage): Promise<Reading>;
}

/** Makes a reader of its kind from a model's session. */
export function deviceModel(manifest: ModelManifest, session: GraphRunner): DeviceModel {
  return manifest.kind === 'line' ? lineModel(manifest, session) : characterModel(manifest, session);
}
