import { characterStem } from '../images/character-stem.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import { CharacterPredictor } from '../predictors/character-predictor.ts';
import type { StoredModel } from '../predictors/model-store.ts';
import type { Recognition } from '../predictors/recognition.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { Reader, ReaderInput, ReaderOptions } from './reader.ts';
import type { Reading } from './reading.ts';

/** Reads one character per image; it is the whole text, and its extent is the whole image. */
export class CharacterReader implements Reader<Uint8Array> {
  readonly decoders: readonly LineDecoder[] = ['greedy'];
  readonly maxBatch = 256;
  readonly #predictor: CharacterPredictor;

  private constructor(predictor: CharacterPredictor) {
    this.#predictor = predictor;
  }

  static async open(this: void, stored: StoredModel, options: ReaderOptions): Promise<CharacterReader> {
    return new CharacterReader(await CharacterPredictor.open(stored, options));
  }

  get manifest(): ModelManifest {
    return this.#predictor.manifest;
  }

  prepare(image: GrayImage): Uint8Array {
    return characterStem(image).data;
  }

  async read(inputs: readonly ReaderInput<Uint8Array>[]): Promise<Reading[]> {
    const images = inputs.map(({ prepared }) => prepared);
    return (await this.#predictor.predictStemmed(images)).map(toReading);
  }

  async close(): Promise<void> {
    await this.#predictor.close();
  }
}

function toReading({ text, confidence, alternatives }: Recognition): Reading {
  const extent = { start: 0, end: 1 };
  return {
    text,
    confidence,
    characters: [{ text, confidence, alternatives, ...extent }],
    words: [{ text, confidence, ...extent }],
    alternatives,
  };
}
