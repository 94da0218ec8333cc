import { TextRecognizerError } from '../errors.ts';
import { decodeImage, type ImageInput } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import type { LineModelManifest } from '../models/model-manifest.ts';
import { type LanguageModelSource, readOnce } from './language-model-source.ts';
import { lineReader } from './line-reader.ts';
import { preparePicture } from './prepare-picture.ts';
import { readPictures } from './read-pictures.ts';
import type { Reader, ReadOptions } from './reader.ts';
import type { LineReading } from './reading.ts';
import { withAdapter } from '../models/apply-adapter.ts';
import { readAdapter } from '../models/read-adapter.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import { defaultModels } from '../models/default-models.ts';
import { readModel, type StoredModel } from '../models/model-store.ts';

export interface LinePredictorOptions extends SessionOptions {
  /** The name of a bundled model or a folder with a model.json; default `line-recognizer`. */
  readonly model?: string;
  /** The file of an adapter of that model. */
  readonly adapter?: string;
  /** The file of a language model, or what gives one; read when it is first wanted; false for none; default the bundled one. */
  readonly languageModel?: LanguageModelSource;
  /** What an image may cost to decode. */
  readonly limits?: Partial<ImageLimits>;
}

/** Reads lines of handwriting: files, encoded bytes or raw pixels of any size, dark on light or light on dark. */
export class LinePredictor {
  readonly manifest: LineModelManifest;
  readonly reader: Reader;
  readonly #session: Session;
  readonly #options: LinePredictorOptions;
  readonly #languageModel: ReturnType<typeof readOnce>;

  private constructor(manifest: LineModelManifest, session: Session, options: LinePredictorOptions) {
    this.#languageModel = readOnce(options.languageModel);
    this.manifest = manifest;
    this.reader = lineReader(manifest, session, this.#languageModel || undefined);
    this.#session = session;
    this.#options = options;
  }

  /**
   * Loads a model and checks its weights; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH, for an adapter also INVALID_ARGUMENT,
   * FILE_NOT_FOUND or FILE_CORRUPT.
   */
  static async load(options: LinePredictorOptions = {}): Promise<LinePredictor> {
    const stored = await readModel(options.model ?? defaultModels.line);
    const { adapter } = options;
    return await LinePredictor.open(
      adapter === undefined ? stored : withAdapter(stored, await readAdapter(adapter)),
      options,
    );
  }

  /** Opens a model that was read already; throws MODEL_INVALID when it reads no lines. */
  static async open({ manifest, onnx }: StoredModel, options: LinePredictorOptions = {}): Promise<LinePredictor> {
    if (manifest.kind !== 'line') {
      throw new TextRecognizerError('MODEL_INVALID', `Model '${manifest.name}' reads ${manifest.kind}s, not lines.`);
    }
    return new LinePredictor(manifest, await Session.load(onnx, options), options);
  }

  /** Reads the line in an image; throws INVALID_IMAGE, UNSUPPORTED_IMAGE, IMAGE_TOO_LARGE or FILE_NOT_FOUND. */
  async predict(image: ImageInput, options: ReadOptions = {}): Promise<LineReading> {
    const decoded = await decodeImage(image, this.#options.limits);
    return await this.#read(decoded, decoded.original, options);
  }

  /** Reads the line in a decoded image. */
  async predictGray(image: GrayImage, options: ReadOptions = {}): Promise<LineReading> {
    return await this.#read(image, image, options);
  }

  /** Reads the language model now, so that the first line that wants it does not wait; throws FILE_NOT_FOUND, FILE_CORRUPT or CHECKSUM_MISMATCH. */
  async loadLanguageModel(): Promise<void> {
    if (this.#languageModel !== false) await this.#languageModel();
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  async #read(
    image: GrayImage,
    original: Pick<GrayImage, 'width' | 'height'>,
    options: ReadOptions,
  ): Promise<LineReading> {
    const [{ lines }] = await readPictures([
      await preparePicture(image, 'line', this.reader, { ...options, original }),
    ]);
    return lines[0];
  }
}
