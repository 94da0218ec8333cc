import { loadBatches, type BatchLoaderOptions } from '../../datasets/batches/batch-loader.ts';
import { itemsOfShare } from '../../datasets/batches/batch-share.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { TextRecognizerError } from '../../errors.ts';
import type { BatchSource, TrainingBatch } from '../../training/trainer.ts';

export type CharacterBatchOptions = Omit<BatchLoaderOptions, 'epoch' | 'epochs' | 'startBatch' | 'dropLast'>;

/** Batches of characters for training: `images` `[batch, height, width]` and `labels` `[batch]`; incomplete ones are left out. Throws INVALID_ARGUMENT where there is none. */
export function characterBatches(dataset: Dataset, options: CharacterBatchOptions): BatchSource {
  const items = options.itemsPerEpoch ?? dataset.length;
  const stepsPerEpoch = Math.floor(items / options.batchSize);
  if (stepsPerEpoch < 1) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `An epoch of ${items} images of '${dataset.name}' holds no batches of ${options.batchSize}: make the batch smaller.`,
    );
  }
  return {
    stepsPerEpoch,
    batches: (epoch, startBatch, lastEpoch) =>
      stream(dataset, { ...options, epoch, startBatch, epochs: lastEpoch - epoch + 1, dropLast: true }),
  };
}

async function* stream(dataset: Dataset, options: BatchLoaderOptions): AsyncGenerator<TrainingBatch> {
  const { first, items } = itemsOfShare(options.batchSize, options.share);
  // The loss for a whole batch has no name.
  const shape = options.share && String(items);
  // ONNX Runtime does not take shared memory, so a batch is copied once more.
  const images = {
    data: new Uint8Array(items * dataset.height * dataset.width),
    shape: [items, dataset.height, dataset.width],
  };
  const labels = { data: new Int32Array(items), shape: [items] };
  for await (const batch of loadBatches(dataset, options)) {
    images.data.set(batch.images);
    labels.data.set(batch.labels);
    yield { inputs: { images, labels }, shape, first, items, waitSeconds: batch.waitSeconds };
  }
}
