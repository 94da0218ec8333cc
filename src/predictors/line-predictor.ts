import { TextRecognizerError } from '../errors.ts';
import { decodeImage, type ImageInput } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import { locateLine, type LocatedLine } from '../images/line-stem.ts';
import { decodeOptions } from '../models/calibrate-lines.ts';
import type { LineLayout } from '../models/line-layout.ts';
import type { LineModelManifest } from '../models/model-manifest.ts';
import { scoreLine } from '../models/score-lines.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import { Alphabet } from '../text/alphabet.ts';
import { shareGaps, wordsOf } from '../text/ctc-reading.ts';
import { decodeLine, type LineDecoder } from '../text/decode-line.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { readLanguageModel } from '../text/language-model/read-language-model.ts';
import { bundledLanguageModel } from './bundled-language-model.ts';
import { readModel } from './model-store.ts';
import type { Recognition } from './recognition.ts';

export interface LinePredictorOptions extends SessionOptions {
  /** The name of a bundled model or a folder with a model.json; default `line-recognizer`. */
  readonly model?: string;
  /** The file of a language model; default the bundled one, read when it is first wanted. */
  readonly languageModel?: string;
  /** What an image may cost to decode. */
  readonly limits?: Partial<ImageLimits>;
}

export interface PredictLineOptions {
  /** `greedy` (the default), `beam`, or `lm`: a beam with the language model. */
  readonly decoder?: LineDecoder;
  /** How many other readings are given; default 4. Greedy decoding has none. */
  readonly alternatives?: number;
}

/** A part of a line, from `left` to `right` in pixels of the image that was given. */
export interface ExtentReading {
  readonly text: string;
  /** In [0, 1]. */
  readonly confidence: number;
  readonly left: number;
  readonly right: number;
}

/** What was read in the image of a line. */
export interface LineRecognition extends Recognition {
  readonly characters: readonly ExtentReading[];
  readonly words: readonly ExtentReading[];
}

/** Reads lines of handwriting: files, encoded bytes or raw pixels of any size, dark on light or light on dark. */
export class LinePredictor {
  readonly manifest: LineModelManifest;
  readonly #session: Session;
  readonly #options: LinePredictorOptions;
  readonly #alphabet: Alphabet;
  readonly #layout: LineLayout;
  #languageModel: Promise<LanguageModel> | undefined;

  private constructor(manifest: LineModelManifest, session: Session, options: LinePredictorOptions) {
    this.manifest = manifest;
    this.#session = session;
    this.#options = options;
    this.#alphabet = new Alphabet(manifest.alphabet);
    this.#layout = { ...manifest.stem, stride: manifest.stride };
  }

  /** Loads a model and checks its weights; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
  static async load(options: LinePredictorOptions = {}): Promise<LinePredictor> {
    const { manifest, onnx } = await readModel(options.model ?? 'line-recognizer');
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
    const { decoder = 'greedy', alternatives } = options;
    const located = locateLine(image, { height: this.#layout.height });
    const { logits, line } = await scoreLine(this.#session, located.line, this.#layout);
    const languageModel = decoder === 'lm' ? await this.#readLanguageModel() : undefined;
    const decoding = decodeOptions(this.manifest, decoder, { alphabet: this.#alphabet }, languageModel);
    const reading = decodeLine(logits, this.#alphabet, { ...decoding, alternatives });
    // A line that was squeezed to the network's greatest width has fewer columns than the stem made.
    const squeezed = { ...located, step: (located.step * located.line.width) / line.width };
    const toPixels = extents(squeezed, this.manifest.stride, image.width);
    const characters = shareGaps(reading.characters, line.steps);
    const places = wordsOf(characters);
    return {
      text: reading.text,
      confidence: reading.confidence,
      characters: characters.map((part) => toPixels(part, part.character)),
      words: reading.words.map(({ text, confidence }, i) => toPixels({ ...places[i], confidence }, text)),
      alternatives: reading.alternatives,
    };
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  async #readLanguageModel(): Promise<LanguageModel> {
    this.#languageModel ??= readLanguageModel(this.#options.languageModel ?? bundledLanguageModel);
    return await this.#languageModel;
  }
}

/** From time steps to pixels of the image, within it. */
function extents({ left, step }: LocatedLine, stride: number, width: number) {
  const pixel = (time: number) => Math.min(width, Math.max(0, left + step * stride * time));
  return ({ confidence, start, end }: { confidence: number; start: number; end: number }, text: string) => ({
    text,
    confidence,
    left: pixel(start),
    right: pixel(end),
  });
}
