import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { ReaderManifest } from '../../../src/models/model-manifest.ts';
import { characterReader } from '../../../src/reading/character-reader.ts';
import { findContent } from '../../../src/reading/find-content.ts';
import { lineReader } from '../../../src/reading/line-reader.ts';
import { preparePicture } from '../../../src/reading/prepare-picture.ts';
import { readPictures } from '../../../src/reading/read-pictures.ts';
import type { Reader } from '../../../src/reading/reader.ts';
import type { GraphRunner } from '../../../src/runtime/tensor.ts';
import type { LanguageModel } from '../../../src/text/language-model/language-model.ts';
import type { PlacedReading } from '../reading/reading.ts';

/** A model that is ready to read in this browser. */
export interface DeviceModel {
  /** Throws SEVERAL_LINES. */
  read(image: GrayImage): Promise<PlacedReading>;
}

/** Reads as the server does, lines with a language model where one is given. */
export function deviceModel(
  manifest: ReaderManifest,
  session: GraphRunner,
  languageModel: LanguageModel | undefined,
): DeviceModel {
  const reader: Reader =
    manifest.kind === 'line'
      ? lineReader(manifest, session, languageModel && (async () => languageModel))
      : characterReader(manifest, session);
  return { read: (image) => readWith(reader, image) };
}

async function readWith(reader: Reader, image: GrayImage): Promise<PlacedReading> {
  const begin = performance.now();
  const [reading] = await readPictures([await preparePicture(image, findContent(image), reader)]);
  return { reading, place: 'device', milliseconds: performance.now() - begin };
}
