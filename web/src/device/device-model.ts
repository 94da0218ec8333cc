import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { ReaderManifest } from '../../../src/models/model-manifest.ts';
import { characterReader } from '../../../src/reading/character-reader.ts';
import type { PageFinder } from '../../../src/reading/find-lines.ts';
import { lineReader } from '../../../src/reading/line-reader.ts';
import { lookWith, preparePicture, prepareSeen, type Seer } from '../../../src/reading/prepare-picture.ts';
import { readPictures } from '../../../src/reading/read-pictures.ts';
import type { Reader } from '../../../src/reading/reader.ts';
import type { GraphRunner } from '../../../src/runtime/tensor.ts';
import type { LanguageModel } from '../../../src/text/language-model/language-model.ts';
import type { PlacedReading } from '../reading/reading.ts';

/** A model that is ready to read in this browser. */
export interface DeviceModel {
  /** Throws SEVERAL_LINES where the model reads characters. */
  read(image: GrayImage): Promise<PlacedReading>;
}

/** What a reader may need beside its network. */
export interface Helpers {
  /** Finds the lines of a picture; opened when it is first wanted. */
  finder(): Promise<PageFinder>;
  /** For lines. */
  readonly languageModel?: LanguageModel;
}

/** Reads as the server does with a model that was chosen: pages line by line, lines with a language model where one is given. */
export function deviceModel(
  manifest: ReaderManifest,
  session: GraphRunner,
  { finder, languageModel }: Helpers,
): DeviceModel {
  const reader: Reader =
    manifest.kind === 'line'
      ? lineReader(manifest, session, languageModel && (async () => languageModel))
      : characterReader(manifest, session);
  const seer: Seer = {
    look: (image) => lookWith(image, finder),
    prepare: (image, { content, findLines, cut, erased = image }, options) =>
      preparePicture(erased, content, reader, { ...options, findLines, cut }),
  };
  return { read: (image) => readWith(seer, image) };
}

async function readWith(seer: Seer, image: GrayImage): Promise<PlacedReading> {
  const begin = performance.now();
  const [reading] = await readPictures([await prepareSeen(image, image, seer, {})]);
  return { reading, place: 'device', milliseconds: performance.now() - begin };
}
