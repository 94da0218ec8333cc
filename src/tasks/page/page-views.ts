import { targetsInput } from '../../networks/page-loss.ts';
import { pageDistance, pageStride } from '../../networks/page-network.ts';
import { spawnWorker } from '../../runtime/spawn-worker.ts';
import type { BatchSource, TrainingBatch } from '../../training/trainer.ts';
import type { PageFile } from '../../datasets/sources/pages/page-set.ts';
import type { TargetGrid } from '../../datasets/synthesis/pages/page-targets.ts';
import type { Glyphs } from '../../datasets/synthesis/pages/page-sampler.ts';

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

/** What the thread that draws views is started with. */
export interface PageViewsData extends Omit<PageViewsOptions, 'stepsPerEpoch'>, TargetGrid {
  readonly files: readonly PageFile[];
  readonly glyphs: Glyphs | undefined;
}

/** A batch as the thread posts it. */
export interface PageViewsMessage {
  readonly step: number;
  readonly images: Uint8Array<ArrayBuffer>;
  readonly targets: Float32Array<ArrayBuffer>;
}

/** Batches that are drawn ahead. */
const ahead = 3;

/** Batches of views for `pageLoss`, drawn on a thread; each is a pure function of the seed and its step. */
export function pageViews(
  files: readonly PageFile[],
  glyphs: Glyphs | undefined,
  { stepsPerEpoch, ...options }: PageViewsOptions,
): BatchSource {
  const data: PageViewsData = { files, glyphs, ...options, stride: pageStride, distance: pageDistance };
  return {
    stepsPerEpoch,
    batches: (epoch, startBatch, lastEpoch) =>
      stream(data, (epoch - 1) * stepsPerEpoch + startBatch, lastEpoch * stepsPerEpoch),
  };
}

async function* stream(data: PageViewsData, first: number, end: number): AsyncGenerator<TrainingBatch> {
  const worker = spawnWorker(new URL('./page-views.worker.ts', import.meta.url), { workerData: data });
  const waiting = new Map<number, (message: PageViewsMessage) => void>();
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  worker.on('message', (message: PageViewsMessage) => waiting.get(message.step)?.(message));
  worker.on('error', (error: Error) => fail(error));
  const batches = new Map<number, Promise<PageViewsMessage>>();
  const ask = (step: number) => {
    if (step >= end) return;
    batches.set(step, new Promise((resolve) => waiting.set(step, resolve)));
    worker.postMessage(step);
  };
  try {
    for (let step = first; step < first + ahead; step++) ask(step);
    for (let step = first; step < end; step++) {
      const started = performance.now();
      const { images, targets } = await Promise.race([batches.get(step)!, failed]);
      batches.delete(step);
      waiting.delete(step);
      ask(step + ahead);
      yield toBatch(data, images, targets, (performance.now() - started) / 1000);
    }
  } finally {
    await worker.terminate();
  }
}

function toBatch(
  { batchSize, size }: PageViewsData,
  images: Uint8Array,
  targets: Float32Array,
  waitSeconds: number,
): TrainingBatch {
  const side = size / pageStride;
  return {
    inputs: {
      images: { data: images, shape: [batchSize, size, size] },
      [targetsInput]: { data: targets, shape: [batchSize, 5, side, side] },
    },
    items: batchSize,
    waitSeconds,
  };
}
