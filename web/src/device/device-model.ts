import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { ModelManifest } from '../../../src/models/model-manifest.ts';
import type { ModelKind, Reading } from '../reading/reading.ts';
import { characterModel } from './character-model.ts';
import type { DeviceSession } from './start-runtime.ts';

/** A model that is ready to read in this browser. */
export interface DeviceModel {
  read(image: GrayImage): Promise<Reading>;
}

/** Makes a reader of one kind of model from its description and its session. */
export type DeviceModelMaker = (manifest: ModelManifest, session: DeviceSession) => DeviceModel;

/** The kinds of models that can be read with here. */
export const deviceModels: Readonly<Partial<Record<ModelKind, DeviceModelMaker>>> = {
  character: characterModel,
};
