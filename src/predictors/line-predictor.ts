import { TextRecognizerError } from '../errors.ts';
import { decodeImage, type ImageInput } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import { decodeOptions } from '../models/line-calibration.ts';
import type { LineModelManifest } from '../models/model-manifest.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import { Alphabet } from '../text/alphabet.ts';
import type { DecodeOptions, LineDecoder } from '../text/decode-line.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { readLanguageModel } from '../text/language-model/read-language-model.ts';
import { bundledLanguageModel } from './bundled-language-model.ts';
import { defaultDecoder } from './default-decoder.ts';
import { defaultModels } from './default-models.ts';
import { readModel, type StoredModel } from './model-store.ts';
import {
  type LineRecognition,
  type PreparedLine,
  prepareLine,
  recognizePrepared,
  type RunnableLineModel,
} from './recognize-line.ts';

export interface LinePredictorOptions extends SessionOptions {
  /** The name of a bundled model or a folder with a model.json; default `line-recognizer`. */
  readonly model?: string;
  /** The file of a language model; default the bundled one, read when it is first wanted. */
  readonly languageModel?: string;
  /** What an image may cost to decode. */
  readonly limits?: Partial<ImageLimits>;
}

export interface PredictLineOptions {
  /** `greedy`, `beam`, or `lm`, a beam with the language model: the default where the model was fitted to one, else `greedy`. */
  readonly decoder?: LineDecoder;
  /** How many other readings are given; default 4. Greedy decoding has none. */
  readonly alternatives?: number;
}

/** Reads lines of handwriting: files, encoded bytes or raw pixels of any size, dark on light or light on dark. */
export class LinePredictor {
  readonly manifest: LineModelManifest;
  readonly #session: Session;
  readonly #options: LinePredictorOptions;
  readonly #model: RunnableLineModel;
  #languageModel: Promise<LanguageModel> | undefined;

  private constructor(manifest: LineModelManifest, session: Session, options: LinePredictorOptions) {
    this.manifest = manifest;
    this.#session = session;
    this.#options = options;
    this.#model = { manifest, session, alphabet: new Alphabet(manifest.alphabet) };
  }

  /** Loads a model and checks its weights; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
  static async load(options: LinePredictorOptions = {}): Promise<LinePredictor> {
    return await LinePredictor.open(await readModel(options.model ?? defaultModels.line), options);
  }

  /** Opens a model that was read already; throws MODEL_INVALID when it reads no lines. */
  static async open({ manifest, onnx }: StoredModel, options: LinePredictorOptions = {}): Promise<LinePredictor> {
    if (manifest.kind !== 'line') {
      throw new TextRecognizerError('MODEL_INVALID', `Model '${manifest.name}' reads ${manifest.kind}s, not lines.`);
    }
    return new LinePredictor(manifest, await Session.load(onnx, options), options);
  }

  /** Reads the line in an image; throws INVALID_IMAGE, UNSUPPORTED_IMAGE, IMAGE_TOO_LARGE or FILE_NOT_FOUND. */
  async predict(image: ImageInput, options: PredictLineOptions = {}): Promise<LineRecognition> {
    return await this.predictGray(await decodeImage(image, this.#options.limits), options);
  }

  /** Reads the line in a decoded image. */
  async predictGray(image: GrayImage, options: PredictLineOptions = {}): Promise<LineRecognition> {
    const [recognition] = await this.predictPrepared([{ prepared: this.prepare(image), ...options }]);
    return recognition;
  }

  /** Finds the line in a decoded image and makes it ready for the network. */
  prepare(image: GrayImage): PreparedLine {
    return prepareLine(image, this.manifest);
  }

  /** Reads prepared lines, each with options of its own; those of one padded width go through the network together. */
  async predictPrepared(
    lines: readonly (PredictLineOptions & { readonly prepared: PreparedLine })[],
  ): Promise<LineRecognition[]> {
    const inputs = lines.map(async ({ prepared, ...options }) => ({
      prepared,
      decoding: await this.#decoding(options),
    }));
    return await recognizePrepared(await Promise.all(inputs), this.#model);
  }

  /** Reads the language model now, so that the first line that wants it does not wait; throws FILE_NOT_FOUND, FILE_CORRUPT or CHECKSUM_MISMATCH. */
  async loadLanguageModel(): Promise<void> {
    await this.#readLanguageModel();
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  async #decoding({
    decoder = defaultDecoder(this.manifest),
    alternatives,
  }: PredictLineOptions): Promise<DecodeOptions> {
    const languageModel = decoder === 'lm' ? await this.#readLanguageModel() : undefined;
    return { ...decodeOptions(this.manifest, decoder, this.#model, languageModel), alternatives };
  }

  async #readLanguageModel(): Promise<LanguageModel> {
    this.#languageModel ??= readLanguageModel(this.#options.languageModel ?? bundledLanguageModel);
    return await this.#languageModel;
  }
}
