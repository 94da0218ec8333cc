import { BatchLoader, type BatchLoaderOptions } from '../datasets/batch-loader.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { BatchSource, TrainingBatch } from '../training/trainer.ts';

export type CharacterBatchOptions = Omit<BatchLoaderOptions, 'epoch' | 'epochs' | 'startBatch' | 'dropLast'>;

/** Batches of characters for training: `images` `[batch, height, width]` and `labels` `[batch]`; incomplete ones are left out. */
export function characterBatches(dataset: Dataset, options: CharacterBatchOptions): BatchSource {
  const items = options.itemsPerEpoch ?? dataset.length;
  return {
    stepsPerEpoch: Math.floor(items / options.batchSize),
    batches: (epoch, startBatch, lastEpoch) =>
      stream(dataset, { ...options, epoch, startBatch, epochs: lastEpoch - epoch + 1, dropLast: true }),
  };
}

async function* stream(dataset: Dataset, options: BatchLoaderOptions): AsyncGenerator<TrainingBatch> {
  const { batchSize } = options;
  // ONNX Runtime does not take shared memory, so a batch is copied once more.
  const images = {
    data: new Uint8Array(batchSize * dataset.height * dataset.width),
    shape: [batchSize, dataset.height, dataset.width],
  };
  const labels = { data: new Int32Array(batchSize), shape: [batchSize] };
  for await (const batch of BatchLoader.open(dataset, options)) {
    images.data.set(batch.images);
    labels.data.set(batch.labels);
    yield { inputs: { images, labels }, items: batchSize, waitSeconds: batch.waitSeconds };
  }
}
