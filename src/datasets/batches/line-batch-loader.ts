import type { AugmentLineOptions } from '../../images/augment-line.ts';
import type { Alphabet } from '../../text/alphabet.ts';
import { BatchStream } from './batch-stream.ts';
import { type LabelledLines, labelLines } from './labelled-lines.ts';
import { type FullLineBatchShape, fullLineBatchShape, labelsPerLine } from './line-batch-plan.ts';
import { type LineBatchSlot, lineSlots } from './line-batch-slot.ts';
import { requireWhole } from './require-whole.ts';
import type { LineDataset } from '../lines/line-dataset.ts';
import { LineSampler, type LineSamplerOptions, type WeightedLines } from './line-sampler.ts';
import type { LineSource } from '../lines/line-source.ts';

/** A dataset to train on, and its share of the lines relative to the others' weights. */
export interface LineLoaderSet {
  readonly dataset: LineDataset;
  readonly weight: number;
  /** How lines of this set are changed at random, false for not at all; default what the loader's options say. */
  readonly augment?: AugmentLineOptions | false;
}

/** How batches of lines are made. */
export interface LineBatchLoaderOptions extends LineSamplerOptions {
  readonly alphabet: Alphabet;
  /** Lines with more characters are left out; default none. */
  readonly maxLength?: number;
  /** The first step to deliver, from 0 (the default): where a resumed run continues. */
  readonly startStep?: number;
  /** Steps to deliver; default Infinity. */
  readonly steps?: number;
  /** Threads that make batches; default 2. They change the speed, never the content. */
  readonly threads?: number;
  /** Batches made ahead; default 4. */
  readonly prefetch?: number;
}

/** One batch of lines, valid until the next one is asked for: its memory is used again then. */
export interface LineBatch {
  readonly step: number;
  /** Width in pixels of the batch, a multiple of the shape's `widthStep`. */
  readonly width: number;
  /** `[batch, height, width]`, uint8, white ink on black; lines are at the left. */
  readonly images: Uint8Array<SharedArrayBuffer>;
  /** Width in pixels of each line, `[batch]`. */
  readonly widths: Int32Array<SharedArrayBuffer>;
  /** Classes of the texts, `[batch, maxLabel]`, 0 (the CTC blank) after their ends. */
  readonly labels: Int32Array<SharedArrayBuffer>;
  /** ⌈width / stride⌉, so that every width makes one shape. */
  readonly maxLabel: number;
  /** `[batch]` */
  readonly labelLengths: Int32Array<SharedArrayBuffer>;
  /** The set of each line and its index in that dataset, `[batch]` each. */
  readonly sets: Int32Array<SharedArrayBuffer>;
  readonly indices: Int32Array<SharedArrayBuffer>;
  /** Seconds that the consumer waited for this batch. */
  readonly waitSeconds: number;
}

/** A set of lines as a worker thread gets it. */
export interface LineBatchWorkerSet extends Omit<LabelledLines, 'dataset'>, Omit<WeightedLines, 'lines'> {
  readonly source: LineSource;
}

/** What the worker threads are given. */
export interface LineBatchWorkerData {
  readonly sets: readonly LineBatchWorkerSet[];
  readonly sampling: LineSamplerOptions;
  readonly startStep: number;
}

/** Batches of lines, and the sets that they are from. */
export interface LoadedLines {
  /** The sets with their classes and the counts of lines left out, in the order given. */
  readonly sets: readonly LabelledLines[];
  readonly batches: BatchStream<LineBatchSlot, LineBatch>;
}

/**
 * Training batches from several sets of lines, drawn and distorted ahead on other threads. The content of a batch is a pure function of
 * (sets, seed, shape, step), whatever the number of threads and wherever the stream began. Throws `INVALID_ARGUMENT` for sets and
 * options that cannot be.
 */
export function loadLineBatches(given: readonly LineLoaderSet[], options: LineBatchLoaderOptions): LoadedLines {
  const { alphabet, maxLength, seed, stretch, augment, chunkLines, share } = options;
  const { threads = 2, prefetch, startStep = 0, steps = Infinity } = options;
  requireWhole(0, { startStep, ...(steps === Infinity ? {} : { steps }) });
  const shape = fullLineBatchShape(options.shape);
  const maxSteps = Math.floor(shape.maxWidth / shape.stride);
  const sets = given.map(({ dataset }) => labelLines(dataset, alphabet, { maxSteps, maxLength }));

  // A sampler here would only repeat the threads' work, but making one finds mistakes before they start.
  const sampling = { seed, shape, stretch, augment, chunkLines, share };
  const weighted = given.map(({ weight, augment }, i) => ({ lines: sets[i], weight, augment }));
  const sampler = new LineSampler(weighted, sampling);
  const { height } = given[0].dataset;
  const toSend = sets.map(({ dataset, ...labelled }, i) => ({
    ...labelled,
    source: dataset.source,
    weight: given[i].weight,
    augment: given[i].augment,
  }));
  const data: LineBatchWorkerData = { sets: toSend, sampling, startStep };
  const batches = new BatchStream({
    module: new URL('./line-batch-loader.worker.ts', import.meta.url),
    data,
    total: steps,
    threads,
    prefetch,
    allocateSlot: lineSlots(sampler.shape, height),
    toBatch: (slot, serial, waitSeconds) => ({
      step: startStep + serial,
      ...filledPart(slot, shape, height),
      waitSeconds,
    }),
  });
  return { sets, batches };
}

/** What a batch has filled of its slot. */
function filledPart(slot: LineBatchSlot, shape: FullLineBatchShape, height: number) {
  const [width, count] = slot.shape;
  const maxLabel = labelsPerLine(width, shape);
  return {
    width,
    maxLabel,
    images: slot.images.subarray(0, count * height * width),
    labels: slot.labels.subarray(0, count * maxLabel),
    widths: slot.widths.subarray(0, count),
    labelLengths: slot.labelLengths.subarray(0, count),
    sets: slot.sets.subarray(0, count),
    indices: slot.indices.subarray(0, count),
  };
}
