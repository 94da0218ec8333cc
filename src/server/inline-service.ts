import type { ImageLimits } from '../images/image-limits.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import { fromErrorMessage } from '../runtime/worker-error.ts';
import { findModel } from './find-model.ts';
import type { Prediction, PredictionService, PredictOptions } from './prediction-service.ts';
import { readBatch } from './read-batch.ts';
import { loadReader } from './load-reader.ts';
import type { Reader } from './reader.ts';

/** Predicts on this thread, one image at a time: for a Lambda function, which has one request at a time anyway. */
export class InlineService implements PredictionService {
  readonly models: readonly ModelManifest[];
  readonly isReady = true;
  readonly #readers: readonly Reader[];
  readonly #limits: Partial<ImageLimits> | undefined;

  private constructor(readers: readonly Reader[], limits: Partial<ImageLimits> | undefined) {
    this.#readers = readers;
    this.#limits = limits;
    this.models = readers.map(({ manifest }) => manifest);
  }

  /** Loads the models; throws MODEL_NOT_FOUND, MODEL_INVALID or CHECKSUM_MISMATCH. */
  static async start(models: readonly string[], limits?: Partial<ImageLimits>): Promise<InlineService> {
    return new InlineService(await Promise.all(models.map((model) => loadReader(model, { limits }))), limits);
  }

  checkRoom(): void {}

  async predict(image: Uint8Array, { model }: PredictOptions = {}): Promise<Prediction> {
    const manifest = findModel(this.models, model);
    const reader = this.#readers[this.models.indexOf(manifest)];
    const { items, decodeMs, computeMs } = await readBatch(reader, [image], this.#limits);
    const [item] = items;
    if ('error' in item) throw fromErrorMessage(item.error);
    return { model: manifest, reading: item.reading, timing: { queueMs: 0, decodeMs, computeMs, batchSize: 1 } };
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }
}
