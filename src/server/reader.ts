import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { Reading } from './reading.ts';

/** A model as it is served. */
export interface ServedModel {
  readonly manifest: ModelManifest;
  /** How it can decode, the default first. */
  readonly decoders: readonly LineDecoder[];
  /** More images at a time are read no faster, and would wait for each other. */
  readonly maxBatch: number;
}

/** A prepared image, and how to decode what the network says of it. */
export interface ReaderInput<Prepared> {
  readonly prepared: Prepared;
  /** One of the reader's own. */
  readonly decoder: LineDecoder;
}

/** A predictor as the service sees it: one kind of model is one `Reader`. */
export interface Reader<Prepared = unknown> extends ServedModel {
  /** Makes the network's input of one image; throws INVALID_IMAGE for that image alone. */
  prepare(image: GrayImage): Prepared;
  /** Reads prepared images as one batch, or as few as their widths allow; the readings are in the images' order. */
  read(inputs: readonly ReaderInput<Prepared>[]): Promise<Reading[]>;
  close(): Promise<void>;
}

export interface ReaderOptions {
  /** Threads for one operator; 1 suits a pool of workers. */
  readonly threads?: number;
  readonly limits?: Partial<ImageLimits>;
  /** The file of the language model for lines, which must be there; false for none; default the bundled one. */
  readonly languageModel?: string | false;
}
