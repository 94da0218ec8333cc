import { TextRecognizerError } from '../../errors.ts';
import type { AugmentCharacterOptions } from '../../images/augment-character.ts';
import type { BatchRecipe } from './batch-maker.ts';
import type { BatchShare } from './batch-share.ts';
import { batchPlace, batchesPerEpoch, totalBatches } from './batch-plan.ts';
import { BatchStream } from './batch-stream.ts';
import type { Dataset, DatasetSource } from '../dataset.ts';
import { checkWeights } from './epoch-order.ts';
import { requireWhole } from './require-whole.ts';
import { sharedIntegers } from './ring.ts';

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
  /** Makes only this part of each batch, with what the whole batch would have there; default all of it. */
  readonly share?: BatchShare;
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

/** What the worker threads are given. */
export interface BatchWorkerData {
  readonly source: DatasetSource;
  readonly recipe: BatchRecipe;
}

/** The memory of one batch: `images` `[batchSize, imageSize]`, `labels` and `indices` `[batchSize]`. */
export interface BatchSlot {
  readonly images: Uint8Array<SharedArrayBuffer>;
  readonly labels: Int32Array<SharedArrayBuffer>;
  readonly indices: Uint32Array<SharedArrayBuffer>;
}

/**
 * Batches of a dataset, made ahead on other threads. The content of a batch is a pure function of (dataset, seed, epoch, index),
 * whatever the number of threads and wherever the stream began. Throws `INVALID_ARGUMENT` for options that cannot be.
 */
export function loadBatches(dataset: Dataset, options: BatchLoaderOptions): BatchStream<BatchSlot, Batch> {
  const { batchSize, threads, prefetch } = options;
  const recipe = toRecipe(dataset, options);
  const imageSize = dataset.height * dataset.width;
  const data: BatchWorkerData = { source: dataset.source, recipe };
  return new BatchStream({
    module: new URL('./batch-loader.worker.ts', import.meta.url),
    data,
    total: totalBatches(recipe),
    threads,
    prefetch,
    allocateSlot: () => ({
      images: new Uint8Array(new SharedArrayBuffer(batchSize * imageSize)),
      labels: sharedIntegers(batchSize),
      indices: new Uint32Array(new SharedArrayBuffer(4 * batchSize)),
    }),
    toBatch: ({ images, labels, indices }, serial, waitSeconds) => {
      const { epoch, index, count } = batchPlace(recipe, serial);
      return {
        epoch,
        index,
        images: images.subarray(0, count * imageSize),
        labels: labels.subarray(0, count),
        indices: indices.subarray(0, count),
        waitSeconds,
      };
    },
  });
}

function toRecipe(dataset: Dataset, options: BatchLoaderOptions): BatchRecipe {
  const { batchSize, seed, epoch = 1, startBatch = 0, epochs = 1, shuffle = true, dropLast = false } = options;
  const { weights, itemsPerEpoch = dataset.length, augment, share } = options;
  requireWhole(1, { batchSize, itemsPerEpoch });
  requireWhole(0, { seed, epoch, startBatch, ...(epochs === Infinity ? {} : { epochs }) });
  if (weights !== undefined) checkWeights(dataset.length, weights);

  const recipe = {
    batchSize,
    seed,
    epoch,
    startBatch,
    epochs,
    shuffle,
    dropLast,
    weights,
    itemsPerEpoch,
    augment,
    share,
  };
  const perEpoch = batchesPerEpoch(recipe);
  if (perEpoch > 0 && startBatch <= perEpoch) return recipe;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${dataset.name} makes ${perEpoch} batches of ${batchSize} per epoch: a loader cannot begin at batch ${startBatch}.`,
  );
}
