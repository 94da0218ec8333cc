import type { Reader } from '../reading/reader.ts';
import type { Reading } from '../reading/reading.ts';
import type { RecognizeOptions } from '../reading/recognizer.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { Measurement } from './monitoring/measurement.ts';
import type { RequestSpan } from './telemetry/request-tracing.ts';
import type { BodyLimits, EncodedBody, OpenedBody, OpenedImage } from './http/open-body.ts';

/** A model as it is served: what of a `Reader` travels between threads. */
export type ServedModel = Pick<Reader, 'manifest' | 'decoders' | 'maxBatch'>;

/** Where the time of a reading went, in milliseconds: waiting, decoding the batch, computing the batch. */
export interface ReadingTiming {
  readonly queueMs: number;
  readonly decodeMs: number;
  readonly computeMs: number;
  /** How many images were read together. */
  readonly batchSize: number;
}

export interface TimedReading {
  readonly reading: Reading;
  readonly timing: ReadingTiming;
  /** Where the service measures for monitoring. */
  readonly measurement?: Measurement;
}

/** How an image is to be read, as a request says it: rules as in `TextRules`, lists with one entry per line. */
export interface ReadChoice {
  /** The name of a model that is served; by default the first for what is in the image. */
  readonly model?: string;
  /** One that the model can do; the first of them by default. */
  readonly decoder?: LineDecoder;
  readonly characters?: string;
  readonly pattern?: string;
  readonly words?: string;
  readonly likelyWords?: string;
}

export interface ServiceOptions extends ReadChoice {
  /** Takes the image out of the queue, or drops its reading. */
  readonly signal?: AbortSignal;
  /** Whether it is the only image of its request. */
  readonly isSingle?: boolean;
  /** Under which the log and the alarms name it. */
  readonly requestId?: string;
  /** The span of its request, where requests are traced. */
  readonly span?: RequestSpan;
}

/** A choice as the recognizer takes it. */
export function recognizeOptions({ words, likelyWords, ...choice }: ReadChoice): RecognizeOptions {
  const listed = (text: string | undefined) => text?.split('\n').filter((entry) => entry.trim() !== '');
  return { ...choice, words: listed(words), likelyWords: listed(likelyWords) };
}

/** Reads encoded images with models that are loaded; on worker threads or on this one. */
export interface ReadingService {
  /** What is served; the first is the default. */
  readonly models: readonly ServedModel[];
  /** Whether an image would be accepted now. */
  readonly isReady: boolean;
  /** How many images wait. */
  readonly waiting: number;
  /**
   * Throws OVERLOADED unless `images` more images fit into the queue, and what they decode to beside what waits to be decoded, where
   * that is known; IMAGE_TOO_LARGE where it never does.
   */
  checkRoom(images: number, decodeBytes?: readonly number[]): void;
  /** Finds the images in a body, whose memory it takes over, and reads their headers; throws a `ProblemError`. */
  open(body: EncodedBody, limits: BodyLimits): Promise<OpenedBody>;
  /** Reads an image, whose memory it takes over; throws a `ProblemError` or a `TextRecognizerError`. */
  read(image: OpenedImage, options?: ServiceOptions): Promise<TimedReading>;
  /** Answers what was accepted, then frees threads and memory. */
  close(): Promise<void>;
}

/** The same service with another way to read an image. */
export function readingThrough(service: ReadingService, read: ReadingService['read']): ReadingService {
  return {
    models: service.models,
    get isReady() {
      return service.isReady;
    },
    get waiting() {
      return service.waiting;
    },
    checkRoom: (images, decodeBytes) => service.checkRoom(images, decodeBytes),
    open: (body, limits) => service.open(body, limits),
    read,
    close: () => service.close(),
  };
}
