import { BatchStream } from '../../datasets/batches/batch-stream.ts';
import type { PageFile } from '../../datasets/sources/pages/page-set.ts';
import type { Glyphs } from '../../datasets/synthesis/pages/page-sampler.ts';
import { targetCount, targetLength, type TargetGrid } from '../../datasets/synthesis/pages/page-targets.ts';
import { targetsInput } from './page-loss.ts';
import { pageDistance, pageStride } from '../../networks/page-network.ts';
import type { BatchSource, TrainingBatch } from '../../training/trainer.ts';

export interface PageViewsOptions {
  /** Pages are learned from with no side longer than this many pixels. */
  readonly maxSide: number;
  /** The side of a view in pixels, a multiple of 32. */
  readonly size: number;
  /** Share of the views that show a sheet set by program. */
  readonly sheets: number;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
}

/** What the thread that draws views is given. */
export interface PageViewsData extends Omit<PageViewsOptions, 'stepsPerEpoch'>, TargetGrid {
  readonly files: readonly PageFile[];
  readonly glyphs: Glyphs | undefined;
  /** The step of the first batch. */
  readonly firstStep: number;
}

/** The memory of one batch: `images` `[batch, size, size]` and `targets` `[batch, 5, size / 4, size / 4]`. */
export interface PageViewsSlot {
  readonly images: Uint8Array<SharedArrayBuffer>;
  readonly targets: Float32Array<SharedArrayBuffer>;
}

/** Batches of views for `pageLoss`, drawn on a thread; each is a pure function of the seed and its step. */
export function pageViews(
  files: readonly PageFile[],
  glyphs: Glyphs | undefined,
  { stepsPerEpoch, ...options }: PageViewsOptions,
): BatchSource {
  const data = { files, glyphs, ...options, stride: pageStride, distance: pageDistance };
  return {
    stepsPerEpoch,
    batches: (epoch, startBatch, lastEpoch) => {
      const firstStep = (epoch - 1) * stepsPerEpoch + startBatch;
      return drawViews({ ...data, firstStep }, lastEpoch * stepsPerEpoch - firstStep);
    },
  };
}

function drawViews(data: PageViewsData, total: number): BatchStream<PageViewsSlot, TrainingBatch> {
  const { batchSize, size } = data;
  const side = size / pageStride;
  return new BatchStream({
    module: new URL('./page-views.worker.ts', import.meta.url),
    data,
    total,
    prefetch: 3,
    allocateSlot: () => ({
      images: new Uint8Array(new SharedArrayBuffer(batchSize * size * size)),
      targets: new Float32Array(new SharedArrayBuffer(4 * batchSize * targetLength(size, data))),
    }),
    // ONNX Runtime does not take shared memory, so a batch is copied.
    toBatch: ({ images, targets }, _, waitSeconds) => ({
      inputs: {
        images: { data: Uint8Array.from(images), shape: [batchSize, size, size] },
        [targetsInput]: { data: Float32Array.from(targets), shape: [batchSize, targetCount, side, side] },
      },
      items: batchSize,
      waitSeconds,
    }),
  });
}
