import type { ImageLimits } from '../images/image-limits.ts';
import { fromErrorMessage } from '../runtime/worker-error.ts';
import { chooseModelFor } from './choose-model.ts';
import { openBody, type BodyLimits, type EncodedBody, type OpenedImage, type OpenedBody } from './open-body.ts';
import type { Prediction, PredictionService, PredictOptions } from './prediction-service.ts';
import { readBatch } from './read-batch.ts';
import { loadReaders } from './load-reader.ts';
import type { Reader, ReaderOptions } from './reader.ts';

/** Predicts on this thread, one image at a time: for a Lambda function, which has one request at a time anyway. */
export class InlineService implements PredictionService {
  readonly isReady = true;
  readonly models: readonly Reader[];
  readonly #limits: Partial<ImageLimits> | undefined;

  private constructor(readers: readonly Reader[], limits: Partial<ImageLimits> | undefined) {
    this.models = readers;
    this.#limits = limits;
  }

  /** Loads the models; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
  static async start(models: readonly string[], options: ReaderOptions = {}): Promise<InlineService> {
    return new InlineService(await loadReaders(models, options), options.limits);
  }

  checkRoom(): void {}

  async open(body: EncodedBody, limits: BodyLimits): Promise<OpenedBody> {
    return await openBody(body, { image: this.#limits, ...limits });
  }

  async predict(image: OpenedImage, options: PredictOptions = {}): Promise<Prediction> {
    const { index, manifest, decoder } = chooseModelFor(image, this.models, options);
    const input = { image: image.bytes, decoder };
    const { items, decodeMs, computeMs } = await readBatch(this.models[index], [input], this.#limits);
    const [item] = items;
    if ('error' in item) throw fromErrorMessage(item.error);
    return { model: manifest, reading: item.reading, timing: { queueMs: 0, decodeMs, computeMs, batchSize: 1 } };
  }

  async close(): Promise<void> {
    await Promise.all(this.models.map((reader) => reader.close()));
  }
}
