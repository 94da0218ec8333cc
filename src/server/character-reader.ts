import type { GrayImage } from '../images/gray-image.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import { CharacterPredictor } from '../predictors/character-predictor.ts';
import type { StoredModel } from '../predictors/model-store.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { Reader, ReaderInput, ReaderOptions } from './reader.ts';
import type { Reading } from './reading.ts';
import { readShares } from './read-shares.ts';

/** Reads one character per image; it is the whole text. */
export class CharacterReader implements Reader {
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

  prepare(image: GrayImage): unknown {
    return { input: this.#predictor.reader.prepare(image), width: image.width };
  }

  async read(inputs: readonly ReaderInput<unknown>[]): Promise<Reading[]> {
    return await readShares(this.#predictor.reader, inputs);
  }

  async close(): Promise<void> {
    await this.#predictor.close();
  }
}
