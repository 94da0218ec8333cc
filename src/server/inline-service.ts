import type { ImageLimits } from '../images/image-limits.ts';
import { fromErrorMessage } from '../runtime/worker-error.ts';
import { chooseModel, choosesByShape, modelForShape } from './choose-model.ts';
import type { Prediction, PredictionService, PredictOptions } from './prediction-service.ts';
import { readBatch } from './read-batch.ts';
import { loadReaders } from './load-reader.ts';
import type { Reader } from './reader.ts';

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
  static async start(models: readonly string[], limits?: Partial<ImageLimits>): Promise<InlineService> {
    return new InlineService(await loadReaders(models, { limits }), limits);
  }

  checkRoom(): void {}

  async predict(image: Uint8Array, options: PredictOptions = {}): Promise<Prediction> {
    const byShape = options.model === undefined && choosesByShape(this.models);
    const model = byShape ? await modelForShape(image, this.#limits) : options.model;
    const { index, manifest, decoder } = chooseModel(this.models, { ...options, model });
    const input = { image: new Uint8Array(image), decoder };
    const { items, decodeMs, computeMs } = await readBatch(this.models[index], [input], this.#limits);
    const [item] = items;
    if ('error' in item) throw fromErrorMessage(item.error);
    return { model: manifest, reading: item.reading, timing: { queueMs: 0, decodeMs, computeMs, batchSize: 1 } };
  }

  async close(): Promise<void> {
    await Promise.all(this.models.map((reader) => reader.close()));
  }
}
