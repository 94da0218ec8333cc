import type { ModelManifest } from '../models/model-manifest.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { BodyLimits, EncodedBody, OpenedImage, OpenedBody } from './open-body.ts';
import type { ServedModel } from './reader.ts';
import type { Reading } from './reading.ts';

/** Where the time of a prediction went, in milliseconds: waiting, decoding the batch, computing the batch. */
export interface PredictionTiming {
  readonly queueMs: number;
  readonly decodeMs: number;
  readonly computeMs: number;
  /** How many images were read together. */
  readonly batchSize: number;
}

export interface Prediction {
  readonly model: ModelManifest;
  readonly reading: Reading;
  readonly timing: PredictionTiming;
}

export interface PredictOptions {
  /** The name of a model that is served; by default the one for the image's shape, see `choosesByShape`, or the first. */
  readonly model?: string;
  /** One that the model can do; the first of them by default. */
  readonly decoder?: LineDecoder;
  /** Takes the image out of the queue, or drops its result. */
  readonly signal?: AbortSignal;
}

/** Reads encoded images with models that are loaded; on worker threads or on this one. */
export interface PredictionService {
  /** What is served; the first is the default. */
  readonly models: readonly ServedModel[];
  /** Whether a prediction would be accepted now. */
  readonly isReady: boolean;
  /**
   * Throws OVERLOADED unless `images` more images fit into the queue, and what they decode to beside what waits to be decoded, where
   * that is known; IMAGE_TOO_LARGE where it never does.
   */
  checkRoom(images: number, decodeBytes?: readonly number[]): void;
  /** Finds the images in a body, whose memory it takes over, and reads their headers; throws a `ProblemError`. */
  open(body: EncodedBody, limits: BodyLimits): Promise<OpenedBody>;
  /** Reads the one text in an image, whose memory it takes over; throws a `ProblemError` or a `TextRecognizerError`. */
  predict(image: OpenedImage, options?: PredictOptions): Promise<Prediction>;
  /** Answers what was accepted, then frees threads and memory. */
  close(): Promise<void>;
}
