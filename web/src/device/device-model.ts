import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { ModelManifest } from '../../../src/models/model-manifest.ts';
import { characterReader } from '../../../src/reading/character-reader.ts';
import { lineReader } from '../../../src/reading/line-reader.ts';
import type { Reader } from '../../../src/reading/reader.ts';
import type { Polygon } from '../../../src/reading/reading.ts';
import type { GraphRunner } from '../../../src/runtime/tensor.ts';
import type { LanguageModel } from '../../../src/text/language-model/language-model.ts';
import type { Reading, Region } from '../reading/reading.ts';

/** A model that is ready to read in this browser. */
export interface DeviceModel {
  read(image: GrayImage): Promise<Reading>;
}

/** Reads with the stem, the network and the decoder that the server has, with a language model where one is given. */
export function deviceModel(
  manifest: ModelManifest,
  session: GraphRunner,
  languageModel: LanguageModel | undefined,
): DeviceModel {
  const reader: Reader =
    manifest.kind === 'line'
      ? lineReader(manifest, session, languageModel && (async () => languageModel))
      : characterReader(manifest, session);
  return { read: (image) => readWith(reader, image) };
}

async function readWith(reader: Reader, image: GrayImage): Promise<Reading> {
  const begin = performance.now();
  const [line] = await reader.read([{ prepared: reader.prepare(image) }]);
  const milliseconds = performance.now() - begin;
  const placed = <Part extends { polygon: Polygon }>(part: Part) =>
    Object.assign(part, { region: regionOf(part.polygon, image) });
  return {
    text: line.text,
    confidence: line.confidence,
    characters: line.characters.map(placed),
    words: line.words.map(placed),
    alternatives: line.alternatives,
    model: reader.manifest.name,
    reader: 'device',
    milliseconds,
  };
}

/** The box around a polygon, in shares of the picture. */
function regionOf(polygon: Polygon, { width, height }: GrayImage): Region {
  const [xs, ys] = [polygon.map(([x]) => x / width), polygon.map(([, y]) => y / height)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
