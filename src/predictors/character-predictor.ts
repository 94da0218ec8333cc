import { TextRecognizerError } from '../errors.ts';
import { characterStem } from '../images/character-stem.ts';
import { decodeImage, type ImageInput } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import type { CharacterModelManifest } from '../models/model-manifest.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import { defaultModels } from './default-models.ts';
import { readModel, type StoredModel } from './model-store.ts';
import type { Recognition } from './recognition.ts';

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
  readonly #session: Session;
  readonly #options: CharacterPredictorOptions;

  private constructor(manifest: CharacterModelManifest, session: Session, options: CharacterPredictorOptions) {
    this.manifest = manifest;
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
  async predict(image: ImageInput): Promise<Recognition> {
    return await this.predictGray(await decodeImage(image, this.#options.limits));
  }

  /** Reads the character in a decoded image. */
  async predictGray(image: GrayImage): Promise<Recognition> {
    const [recognition] = await this.predictStemmed([characterStem(image).data]);
    return recognition;
  }

  /** Reads images that the stem has made, `[height · width]` each, as one batch. */
  async predictStemmed(images: readonly Uint8Array[]): Promise<Recognition[]> {
    const { height, width } = this.manifest.stem;
    const data = new Uint8Array(images.length * height * width);
    images.forEach((image, i) => data.set(image, i * height * width));
    const { probabilities } = await this.#session.run({ images: { data, shape: [images.length, height, width] } });
    const { classes } = this.manifest;
    return images.map((_, i) =>
      this.#rank((probabilities.data as Float32Array).subarray(i * classes.length, (i + 1) * classes.length)),
    );
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  #rank(probabilities: Float32Array): Recognition {
    const { classes } = this.manifest;
    const order = Array.from(classes.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
    const ranked = order.map((i) => ({ text: classes[i], confidence: probabilities[i] }));
    return { ...ranked[0], alternatives: ranked.slice(1, 1 + (this.#options.alternatives ?? 4)) };
  }
}
