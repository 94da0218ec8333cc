import { access } from 'node:fs/promises';
import type { GrayImage } from '../images/gray-image.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import { bundledLanguageModel } from '../predictors/bundled-language-model.ts';
import { defaultDecoder } from '../predictors/default-decoder.ts';
import { LinePredictor } from '../predictors/line-predictor.ts';
import type { StoredModel } from '../predictors/model-store.ts';
import type { ExtentReading, LineRecognition, PreparedLine } from '../predictors/recognize-line.ts';
import { type LineDecoder, lineDecoders } from '../text/decode-line.ts';
import type { Reader, ReaderInput, ReaderOptions } from './reader.ts';
import type { Reading } from './reading.ts';

/** Reads one line per image; lines that come together and are padded to one width go through the network together. */
export class LineReader implements Reader<PreparedLine> {
  readonly decoders: readonly LineDecoder[];
  readonly maxBatch = 8;
  readonly #predictor: LinePredictor;

  private constructor(predictor: LinePredictor, decoders: readonly LineDecoder[]) {
    this.#predictor = predictor;
    this.decoders = decoders;
  }

  static async open(this: void, stored: StoredModel, options: ReaderOptions): Promise<LineReader> {
    const predictor = await LinePredictor.open(stored, options);
    // A deployment may leave the language model out.
    const hasLanguageModel = await access(bundledLanguageModel).then(
      () => true,
      () => false,
    );
    const decoders = lineDecoders.filter((decoder) => decoder !== 'lm' || hasLanguageModel);
    const first = defaultDecoder(predictor.manifest);
    // Where it cannot be read, whoever asks for it is told.
    if (first === 'lm' && hasLanguageModel) await predictor.loadLanguageModel().catch(() => undefined);
    return new LineReader(
      predictor,
      decoders.toSorted((a, b) => Number(b === first) - Number(a === first)),
    );
  }

  get manifest(): ModelManifest {
    return this.#predictor.manifest;
  }

  prepare(image: GrayImage): PreparedLine {
    return this.#predictor.prepare(image);
  }

  async read(inputs: readonly ReaderInput<PreparedLine>[]): Promise<Reading[]> {
    const recognitions = await this.#predictor.predictPrepared(inputs);
    return recognitions.map((recognition, i) => toReading(recognition, inputs[i].prepared.imageWidth));
  }

  async close(): Promise<void> {
    await this.#predictor.close();
  }
}

function toReading({ characters, words, ...whole }: LineRecognition, width: number): Reading {
  const part = ({ text, confidence, left, right }: ExtentReading) => ({
    text,
    confidence,
    start: left / width,
    end: right / width,
  });
  return {
    ...whole,
    characters: characters.map((character) => ({ ...part(character), alternatives: character.alternatives })),
    words: words.map(part),
  };
}
