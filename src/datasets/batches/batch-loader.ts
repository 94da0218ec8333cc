import { TextRecognizerError } from '../../errors.ts';
import type { AugmentCharacterOptions } from '../../images/augment-character.ts';
import type { BatchRecipe } from './batch-maker.ts';
import { batchPlace, batchesPerEpoch, totalBatches } from './batch-plan.ts';
import { allocateRing, BatchRing, type BatchRingMemory } from './batch-ring.ts';
import type { Dataset, DatasetSource } from '../dataset.ts';
import { checkWeights } from './epoch-order.ts';
import { RingWorkers } from './ring-workers.ts';

/** How batches are made. */
export interface BatchLoaderOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** The first epoch (default 1) and the batch in it to begin with (default 0): where a resumed run continues. */
  readonly epoch?: number;
  readonly startBatch?: number;
  /** Epochs to deliver, the first one included; default 1. More than one keeps the threads busy across the border. */
  readonly epochs?: number;
  /** Default true. */
  readonly shuffle?: boolean;
  /** Leaves out the last batch of an epoch when it is not full; default false. */
  readonly dropLast?: boolean;
  /** How often each item is visited relative to the others, `[dataset.length]`; see `classFrequencyWeights`. */
  readonly weights?: ArrayLike<number>;
  /** Changes images at random, a new draw for every visit; none when absent. */
  readonly augment?: AugmentCharacterOptions;
  /** Items per epoch; default as many as the dataset has. */
  readonly itemsPerEpoch?: number;
  /** Threads that make batches; default 1. They change the speed, never the content. */
  readonly threads?: number;
  /** Batches made ahead; default 4. */
  readonly prefetch?: number;
}

/** One batch, valid until the next one is asked for: its memory is used again then. */
export interface Batch {
  readonly epoch: number;
  /** The batch's number in its epoch, from 0. */
  readonly index: number;
  /** `[batch, height, width]`, uint8. */
  readonly images: Uint8Array<SharedArrayBuffer>;
  /** `[batch]`. */
  readonly labels: Int32Array<SharedArrayBuffer>;
  /** The items of the dataset, `[batch]`. */
  readonly indices: Uint32Array<SharedArrayBuffer>;
  /** Seconds that the consumer waited for this batch. */
  readonly waitSeconds: number;
}

/** What a worker thread is started with. */
export interface BatchWorkerData {
  readonly source: DatasetSource;
  readonly recipe: BatchRecipe;
  readonly memory: BatchRingMemory;
  readonly thread: number;
  readonly threads: number;
}

/**
 * Batches of a dataset, made ahead on other threads in shared memory that is used again and again. The content of a batch is a pure
 * function of (dataset, seed, epoch, index), whatever the number of threads and wherever the loader began.
 */
export class BatchLoader implements AsyncIterable<Batch> {
  readonly batchesPerEpoch: number;

  readonly #recipe: BatchRecipe;
  readonly #ring: BatchRing;
  readonly #imageSize: number;
  readonly #total: number;
  readonly #workers: RingWorkers;

  /** Starts making batches; throws `INVALID_ARGUMENT` for options that cannot be. */
  static open(dataset: Dataset, options: BatchLoaderOptions): BatchLoader {
    return new BatchLoader(dataset, options);
  }

  private constructor(dataset: Dataset, options: BatchLoaderOptions) {
    const { threads = 1, prefetch = 4 } = options;
    atLeast(1, { threads, prefetch });
    this.#recipe = toRecipe(dataset, options);
    this.#imageSize = dataset.height * dataset.width;
    this.#total = totalBatches(this.#recipe);
    this.batchesPerEpoch = batchesPerEpoch(this.#recipe);

    // One slot more than is made ahead: the one that the consumer holds.
    const memory = allocateRing(prefetch + 1, options.batchSize, this.#imageSize);
    this.#ring = new BatchRing(memory);
    const data = { source: dataset.source, recipe: this.#recipe, memory, threads };
    const perThread = Array.from({ length: threads }, (_, thread): BatchWorkerData => ({ ...data, thread }));
    this.#workers = new RingWorkers(new URL('./batch-loader.worker.ts', import.meta.url), this.#ring, perThread);
  }

  /** Seconds that the consumer has waited so far. */
  get waitSeconds(): number {
    return this.#workers.waitSeconds;
  }

  /** The next batch, or `undefined` after the last; frees the one before. Throws what went wrong on the worker threads. */
  async next(): Promise<Batch | undefined> {
    const taken = await this.#workers.take(this.#total);
    return taken && this.#batch(taken.serial, taken.waitSeconds);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    try {
      for (let batch = await this.next(); batch !== undefined; batch = await this.next()) yield batch;
    } finally {
      await this.close();
    }
  }

  /** Ends the worker threads; may be called at any time, and again. */
  async close(): Promise<void> {
    await this.#workers.close();
  }

  #batch(serial: number, waitSeconds: number): Batch {
    const { epoch, index, count } = batchPlace(this.#recipe, serial);
    const { images, labels, indices } = this.#ring.slot(serial);
    return {
      epoch,
      index,
      images: images.subarray(0, count * this.#imageSize),
      labels: labels.subarray(0, count),
      indices: indices.subarray(0, count),
      waitSeconds,
    };
  }
}

function toRecipe(dataset: Dataset, options: BatchLoaderOptions): BatchRecipe {
  const { batchSize, seed, epoch = 1, startBatch = 0, epochs = 1, shuffle = true, dropLast = false } = options;
  const { weights, itemsPerEpoch = dataset.length, augment } = options;
  atLeast(1, { batchSize, itemsPerEpoch });
  atLeast(0, { seed, epoch, startBatch, ...(epochs === Infinity ? {} : { epochs }) });
  if (weights !== undefined) checkWeights(dataset.length, weights);

  const recipe = { batchSize, seed, epoch, startBatch, epochs, shuffle, dropLast, weights, itemsPerEpoch, augment };
  const perEpoch = batchesPerEpoch(recipe);
  if (perEpoch > 0 && startBatch <= perEpoch) return recipe;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${dataset.name} makes ${perEpoch} batches of ${batchSize} per epoch: a loader cannot begin at batch ${startBatch}.`,
  );
}

function atLeast(minimum: number, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isInteger(value) && value >= minimum) continue;
    throw new TextRecognizerError('INVALID_ARGUMENT', `${name} must be a whole number from ${minimum}, got ${value}.`);
  }
}
