import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { ModelManifest } from '../../../src/models/model-manifest.ts';
import type { Reading } from '../reading/reading.ts';
import { characterModel } from './character-model.ts';
import type { DeviceSession } from './start-runtime.ts';

/** A model that is ready to read in this browser. */
export interface DeviceModel {
  read(image: GrayImage): Promise<Reading>;
}

/** Makes a reader of its kind from a model's session; undefined for kinds that cannot be read with here. */
export function deviceModelMaker(manifest: ModelManifest): ((session: DeviceSession) => DeviceModel) | undefined {
  if (manifest.kind === 'character') return (session) => characterModel(manifest, session);
  return undefined;
}
