import { TextRecognizerError } from '../errors.ts';
import { decodeImage, type ImageInput } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import type { CharacterModelManifest } from '../models/model-manifest.ts';
import { characterReader } from './character-reader.ts';
import { preparePicture } from './prepare-picture.ts';
import { readPictures } from './read-pictures.ts';
import type { Reader } from './reader.ts';
import type { CharacterReading } from './reading.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import { defaultModels } from '../models/default-models.ts';
import { readModel, type StoredModel } from '../models/model-store.ts';

export interface CharacterPredictorOptions extends SessionOptions {
  /** The name of a bundled model or a folder with a model.json; default `character-cnn`. */
  readonly model?: string;
  /** What an image may cost to decode. */
  readonly limits?: Partial<ImageLimits>;
  /** How many alternatives are given; default 4. */
  readonly alternatives?: number;
}

/** Reads single characters: files, encoded bytes or raw pixels of any size, dark on light or light on dark. */
export class CharacterPredictor {
  readonly manifest: CharacterModelManifest;
  readonly reader: Reader;
  readonly #session: Session;
  readonly #options: CharacterPredictorOptions;

  private constructor(manifest: CharacterModelManifest, session: Session, options: CharacterPredictorOptions) {
    this.manifest = manifest;
    this.reader = characterReader(manifest, session);
    this.#session = session;
    this.#options = options;
  }

  /** Loads a model and checks its weights; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
  static async load(options: CharacterPredictorOptions = {}): Promise<CharacterPredictor> {
    return await CharacterPredictor.open(await readModel(options.model ?? defaultModels.character), options);
  }

  /** Opens a model that was read already; throws MODEL_INVALID when it reads no characters. */
  static async open(
    { manifest, onnx }: StoredModel,
    options: CharacterPredictorOptions = {},
  ): Promise<CharacterPredictor> {
    if (manifest.kind !== 'character') {
      throw new TextRecognizerError(
        'MODEL_INVALID',
        `Model '${manifest.name}' reads ${manifest.kind}s, not characters.`,
      );
    }
    return new CharacterPredictor(manifest, await Session.load(onnx, options), options);
  }

  /** Reads the character in an image; throws INVALID_IMAGE, UNSUPPORTED_IMAGE, IMAGE_TOO_LARGE or FILE_NOT_FOUND. */
  async predict(image: ImageInput): Promise<CharacterReading> {
    const decoded = await decodeImage(image, this.#options.limits);
    return await this.#read(decoded, decoded.original);
  }

  /** Reads the character in a decoded image. */
  async predictGray(image: GrayImage): Promise<CharacterReading> {
    return await this.#read(image, image);
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  async #read(image: GrayImage, original: Pick<GrayImage, 'width' | 'height'>): Promise<CharacterReading> {
    const { alternatives } = this.#options;
    const picture = await preparePicture(image, 'character', this.reader, { original, alternatives });
    const [{ lines }] = await readPictures([picture]);
    return lines[0].characters[0];
  }
}
