import { readPictures } from '../../reading/read-pictures.ts';
import { Recognizer, type RecognizerOptions } from '../../reading/recognizer.ts';
import { type BodyLimits, type EncodedBody, openBody, type OpenedBody, type OpenedImage } from '../http/open-body.ts';
import { ReadingMeter } from '../monitoring/reading-meter.ts';
import {
  type ReadingService,
  recognizeOptions,
  type ServedModel,
  type ServiceOptions,
  type TimedReading,
} from '../reading-service.ts';

export interface InlineOptions extends RecognizerOptions {
  /** Whether readings are measured for monitoring. */
  readonly measure?: boolean;
}

/** Reads on this thread, one image at a time: for a Lambda function, which has one request at a time anyway. */
export class InlineRecognizer implements ReadingService {
  readonly isReady = true;
  readonly waiting = 0;
  readonly models: readonly ServedModel[];
  readonly #recognizer: Recognizer;
  readonly #options: InlineOptions;

  private constructor(recognizer: Recognizer, models: readonly ServedModel[], options: InlineOptions) {
    this.#recognizer = recognizer;
    this.models = models;
    this.#options = options;
  }

  /** Loads the models; throws what `Recognizer.load` does. */
  static async start(options: InlineOptions): Promise<InlineRecognizer> {
    const recognizer = await Recognizer.load({ ...options, preload: true });
    return new InlineRecognizer(recognizer, await recognizer.readers(), options);
  }

  checkRoom(): void {}

  async open(body: EncodedBody, limits: BodyLimits): Promise<OpenedBody> {
    return await openBody(body, { image: this.#options.limits, ...limits });
  }

  async read(
    { bytes }: OpenedImage,
    { signal: _signal, requestId: _requestId, ...choice }: ServiceOptions = {},
  ): Promise<TimedReading> {
    const started = performance.now();
    const meter = this.#options.measure ? new ReadingMeter() : undefined;
    const { observePicture, observeLine } = meter ?? {};
    const options = { ...recognizeOptions(choice), observePicture, observeLine };
    const picture = await this.#recognizer.prepare(bytes, options);
    const decoded = performance.now();
    const [reading] = await readPictures([picture]);
    const [decodeMs, computeMs] = [decoded - started, performance.now() - decoded];
    const timing = { queueMs: 0, decodeMs, computeMs, batchSize: 1 };
    return { reading, timing, ...(meter && { measurement: meter.measurement(reading) }) };
  }

  async close(): Promise<void> {
    await this.#recognizer.close();
  }
}
