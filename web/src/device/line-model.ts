import type { GrayImage } from '../../../src/images/gray-image.ts';
import type { GraphRunner } from '../../../src/runtime/tensor.ts';
import { decodeOptions } from '../../../src/models/line-calibration.ts';
import type { LineModelManifest } from '../../../src/models/model-manifest.ts';
import {
  type CharacterExtent,
  type ExtentReading,
  recognizeLine,
  type RunnableLineModel,
} from '../../../src/predictors/recognize-line.ts';
import { Alphabet } from '../../../src/text/alphabet.ts';
import type { DecodeOptions } from '../../../src/text/decode-line.ts';
import type { LanguageModel } from '../../../src/text/language-model/language-model.ts';
import { regionFinder } from '../reading/place-characters.ts';
import type { Reading } from '../reading/reading.ts';
import type { DeviceModel } from './device-model.ts';

/** Reads lines with the stem, the network and the decoder that the server has, with a language model where one is given. */
export function lineModel(
  manifest: LineModelManifest,
  session: GraphRunner,
  languageModel: LanguageModel | undefined,
): DeviceModel {
  const model = { manifest, session, alphabet: new Alphabet(manifest.alphabet) };
  const decoding = decodeOptions(manifest, languageModel ? 'lm' : 'greedy', model, languageModel);
  return { read: (image) => readLine(model, decoding, image) };
}

async function readLine(model: RunnableLineModel, decoding: DecodeOptions, image: GrayImage): Promise<Reading> {
  const begin = performance.now();
  const { text, confidence, characters, words, alternatives } = await recognizeLine(image, model, decoding);
  const milliseconds = performance.now() - begin;
  const regionOf = regionFinder('line', image);
  const placed = ({ text, confidence, left, right }: ExtentReading) => ({
    text,
    confidence,
    region: regionOf({ start: left / image.width, end: right / image.width }),
  });
  const withOthers = (character: CharacterExtent) => ({ ...placed(character), alternatives: character.alternatives });
  return {
    text,
    confidence,
    characters: characters.map(withOthers),
    words: words.map(placed),
    alternatives,
    model: model.manifest.name,
    reader: 'device',
    milliseconds,
  };
}
