import { TextRecognizerError } from '../errors.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import { defaultDecoder } from '../predictors/default-decoder.ts';
import { LinePredictor } from '../predictors/line-predictor.ts';
import type { StoredModel } from '../predictors/model-store.ts';
import { type LineDecoder, lineDecoders } from '../text/decode-line.ts';
import type { Reader, ReaderInput, ReaderOptions } from './reader.ts';
import type { Reading } from './reading.ts';
import { readShares } from './read-shares.ts';

/** Reads one line per image; lines that come together and are padded to one width go through the network together. */
export class LineReader implements Reader {
  readonly decoders: readonly LineDecoder[];
  readonly maxBatch = 8;
  readonly #predictor: LinePredictor;

  private constructor(predictor: LinePredictor, decoders: readonly LineDecoder[]) {
    this.#predictor = predictor;
    this.decoders = decoders;
  }

  static async open(this: void, stored: StoredModel, options: ReaderOptions): Promise<LineReader> {
    const { languageModel, ...others } = options;
    const predictor = await LinePredictor.open(stored, { ...others, languageModel: languageModel || undefined });
    const hasLanguageModel = languageModel !== false;
    if (hasLanguageModel) await loadLanguageModel(predictor);
    const decoders = lineDecoders.filter((decoder) => decoder !== 'lm' || hasLanguageModel);
    const first = defaultDecoder(predictor.manifest);
    return new LineReader(
      predictor,
      decoders.toSorted((a, b) => Number(b === first) - Number(a === first)),
    );
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

/** Now rather than with the first line, so that a service which cannot read as it should does not start. */
async function loadLanguageModel(predictor: LinePredictor): Promise<void> {
  try {
    await predictor.loadLanguageModel();
  } catch (cause) {
    await predictor.close();
    if (!(cause instanceof TextRecognizerError)) throw cause;
    const cure = 'To serve without it on purpose, use --language-model no or TEXT_RECOGNIZER_LANGUAGE_MODEL=no.';
    throw new TextRecognizerError(cause.code, `${cause.message} ${cure}`, { cause });
  }
}
