import type { GrayImage } from '../images/gray-image.ts';
import type { ImageLimits } from '../images/image-limits.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import type { Reading } from './reading.ts';

/** A predictor as the service sees it: one kind of model is one `Reader`. */
export interface Reader {
  readonly manifest: ModelManifest;
  /** Makes the network's input of one image; throws INVALID_IMAGE for that image alone. */
  prepare(image: GrayImage): Uint8Array;
  /** Reads prepared images as one batch, or as few as their widths allow. */
  read(prepared: readonly Uint8Array[]): Promise<Reading[]>;
  close(): Promise<void>;
}

export interface ReaderOptions {
  /** Threads for one operator; 1 suits a pool of workers. */
  readonly threads?: number;
  readonly limits?: Partial<ImageLimits>;
}
