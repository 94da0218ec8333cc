import { TextRecognizerError } from '../errors.ts';
import { type DecodedImage, decodeImage, type ImageInput } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import { openPictureFile } from '../images/picture-file.ts';
import { isFreeLicence, type WantedLicence } from '../models/model-licence.ts';
import type { ReaderManifest } from '../models/model-manifest.ts';
import { CharacterPredictor } from './character-predictor.ts';
import { defaultModels, defaultPageModel, freeModels } from '../models/default-models.ts';
import { readAdapted } from '../models/read-adapted.ts';
import { type LanguageModelSource, readOnce } from './language-model-source.ts';
import { LinePredictor } from './line-predictor.ts';
import { readModel, type StoredModel } from '../models/model-store.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { chooseModel } from './choose-model.ts';
import { findContent } from './find-content.ts';
import { openPageFinder, type OpenPageFinder } from './open-page-finder.ts';
import {
  type LineFinder,
  type Looked,
  lookWith,
  type PictureOptions,
  type PreparedPicture,
  preparePicture,
  prepareSeen,
  type Seer,
} from './prepare-picture.ts';
import { readPictures } from './read-pictures.ts';
import type { Reader, ReadOptions } from './reader.ts';
import type { Reading } from './reading.ts';

export interface RecognizerOptions extends SessionOptions {
  /**
   * Names of bundled models or folders with a model.json; the first for characters and the first for lines read where none is named.
   * Default: `character-cnn` and `line-recognizer`.
   */
  readonly models?: readonly string[];
  /**
   * Files of adapters, each of one of the models of lines: each adds a model under its own name, and the first reads lines where no model
   * is named.
   */
  readonly adapters?: readonly string[];
  /** With `free`, models under other terms are refused, and `line-recognizer-open` is the default for lines; `any` by default. */
  readonly licence?: WantedLicence;
  /** The file of the language model for lines, or what gives one; false for none; default the bundled one. */
  readonly languageModel?: LanguageModelSource;
  /** Opens the models and reads the language model at once; by default each waits until it is first wanted. */
  readonly preload?: boolean;
  /** What an image may cost to decode. */
  readonly limits?: Partial<ImageLimits>;
  /**
   * The model that finds the lines of a picture that holds several, by its name or its folder; false for none: such a picture is
   * refused then. Default `page`.
   */
  readonly pageModel?: string | false;
  /** Finds the lines instead of `pageModel`. */
  readonly findLines?: LineFinder;
}

export interface RecognizeOptions extends ReadOptions {
  /** The name of one of the recognizer's models; by default the one for what is in the picture. */
  readonly model?: string;
  /** Which page of a TIFF, or frame of an animation, is read; the first, 1, by default. */
  readonly page?: number;
  /** Is told of the picture once it is decoded. */
  readonly observePicture?: (picture: GrayImage) => void;
}

type Predictor = CharacterPredictor | LinePredictor;

/** A model whose session is opened when it is first wanted; what was read of its files is let go then. */
interface Model {
  readonly manifest: ReaderManifest;
  stored?: StoredModel;
  opening?: Promise<Predictor>;
}

/** Reads what is in a picture: a character or a line, dark on light or light on dark, of any size. */
export class Recognizer {
  readonly #models: readonly Model[];
  #page: StoredModel | undefined;
  readonly #options: RecognizerOptions;
  #finder: Promise<OpenPageFinder> | undefined;

  private constructor(stored: readonly StoredModel[], page: StoredModel | undefined, options: RecognizerOptions) {
    this.#models = stored.map(modelOf);
    this.#page = page;
    this.#options = { ...options, languageModel: readOnce(options.languageModel) };
  }

  /** Loads models and adapters and checks their files; throws MODEL_NOT_FOUND, MODEL_INVALID, CHECKSUM_MISMATCH, INVALID_ARGUMENT, FILE_NOT_FOUND or FILE_CORRUPT. */
  static async load(options: RecognizerOptions = {}): Promise<Recognizer> {
    const isFree = options.licence === 'free';
    const names = options.models ?? Object.values(isFree ? freeModels : defaultModels);
    const stored = await readAdapted(await Promise.all(names.map(readModel)), options.adapters);
    const { pageModel = defaultPageModel } = options;
    const page = pageModel === false || options.findLines ? undefined : await readModel(pageModel);
    if (isFree) for (const model of page ? [...stored, page] : stored) requireFree(model);
    const recognizer = new Recognizer(stored, page, options);
    if (options.preload) await recognizer.readers();
    return recognizer;
  }

  /**
   * Reads a picture: a file, encoded bytes or raw pixels. A blank one has an empty reading. Throws INVALID_IMAGE, UNSUPPORTED_IMAGE,
   * IMAGE_TOO_LARGE, FILE_NOT_FOUND, SEVERAL_LINES, MODEL_NOT_FOUND, UNSUPPORTED_DECODER or INVALID_ARGUMENT.
   */
  async read(image: ImageInput | DecodedImage, options: RecognizeOptions = {}): Promise<Reading> {
    const [reading] = await readPictures([await this.prepare(image, options)]);
    return reading;
  }

  /** Reads the pages of a PDF or TIFF one after the other, so that only one is in memory; of other files, their picture. */
  async *readPages(file: string | Uint8Array, options: Omit<RecognizeOptions, 'page'> = {}): AsyncGenerator<Reading> {
    const opened = await openPictureFile(file, this.#options.limits);
    try {
      for (let page = 1; page <= opened.pages; page++) yield await this.read(await opened.decode(page), options);
    } finally {
      await opened.close();
    }
  }

  /** The first half of `read`: several pictures that are prepared can be read together, with `readPictures`. */
  async prepare(
    image: ImageInput | DecodedImage,
    { model, page, observePicture, ...options }: RecognizeOptions = {},
  ): Promise<PreparedPicture> {
    const { limits } = this.#options;
    const decoded = await decodeImage(image, limits, page);
    observePicture?.(decoded);
    const seer: Seer = {
      look: (seen) => this.#look(seen),
      prepare: (seen, looked, view) => this.#prepareLooked(seen, looked, model, view),
    };
    return await prepareSeen(decoded, decoded.original, seer, options);
  }

  async #prepareLooked(
    image: GrayImage,
    { content, findLines, cut, erased = image }: Looked,
    model: string | undefined,
    options: PictureOptions,
  ): Promise<PreparedPicture> {
    const isSettled = content !== 'unclear' || model !== undefined || options.decoder !== undefined;
    const chosen = chooseModel(this.#models, isSettled ? content : 'character', model);
    const other = isSettled ? chosen : chooseModel(this.#models, 'line');
    const { reader } = await this.#open(chosen);
    const rival = other === chosen ? undefined : (await this.#open(other)).reader;
    return await preparePicture(erased, content, reader, { ...options, findLines, cut, rival });
  }

  /** Opens all models; throws what the first of them that cannot be opened does. */
  async readers(): Promise<Reader[]> {
    const outcomes = await Promise.allSettled(this.#models.map((model) => this.#open(model)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed === undefined)
      return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<Predictor>).value.reader);
    // A thread that ends while ONNX Runtime loads something takes the whole process along, so that all have been waited for.
    await this.close();
    throw failed.reason;
  }

  /** Frees the models' memory. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#models.map(({ opening }) => opening));
    await Promise.all(opened.map(async (outcome) => outcome.status === 'fulfilled' && (await outcome.value?.close())));
    await (await this.#finder?.catch(() => undefined))?.session.close();
  }

  async #look(picture: GrayImage): Promise<Looked> {
    if (this.#page === undefined && this.#finder === undefined) {
      return { content: findContent(picture), findLines: this.#options.findLines, mayBeTurned: false };
    }
    return await lookWith(picture, () => this.#openFinder());
  }

  #openFinder(): Promise<OpenPageFinder> {
    this.#finder ??= openPageFinder(this.#page!, this.#options);
    this.#page = undefined;
    return this.#finder;
  }

  #open(model: Model): Promise<Predictor> {
    model.opening ??= openPredictor(model.stored!, this.#options);
    model.stored = undefined;
    return model.opening;
  }
}

function modelOf(stored: StoredModel): Model {
  const { manifest } = stored;
  if (manifest.kind !== 'page') return { manifest, stored };
  throw new TextRecognizerError(
    'MODEL_INVALID',
    `Model '${manifest.name}' finds lines and does not read; give it as 'pageModel'.`,
  );
}

function requireFree({ manifest: { name, licence } }: StoredModel): void {
  if (isFreeLicence(licence)) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The model '${name}' is under the licence '${licence}', which is not free; use ${freeModels.line} for lines, or leave out --licence.`,
  );
}

async function openPredictor(stored: StoredModel, options: RecognizerOptions): Promise<Predictor> {
  if (stored.manifest.kind === 'character') return await CharacterPredictor.open(stored, options);
  const predictor = await LinePredictor.open(stored, options);
  if (options.preload && options.languageModel !== false) await loadLanguageModel(predictor);
  return predictor;
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
