import { TextRecognizerError } from '../../errors.ts';
import type { AugmentLineOptions } from '../../images/augment-line.ts';
import type { Alphabet } from '../../text/alphabet.ts';
import { RingWorkers } from './ring-workers.ts';
import { type LabelledLines, labelLines } from './labelled-lines.ts';
import { fullLineBatchShape, labelsPerLine } from './line-batch-plan.ts';
import { allocateLineRing, LineBatchRing, type LineBatchRingMemory } from './line-batch-ring.ts';
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

/** What a worker thread is started with. */
export interface LineBatchWorkerData {
  readonly sets: readonly LineBatchWorkerSet[];
  readonly sampling: LineSamplerOptions;
  readonly memory: LineBatchRingMemory;
  readonly startStep: number;
  readonly steps: number;
  readonly thread: number;
  readonly threads: number;
}

/**
 * Training batches from several sets of lines, drawn and distorted ahead on other threads in shared memory that is used again and
 * again. The content of a batch is a pure function of (sets, seed, shape, step), whatever the number of threads and wherever the
 * loader began.
 */
export class LineBatchLoader implements AsyncIterable<LineBatch> {
  /** The sets with their classes and the counts of lines left out, in the order given. */
  readonly sets: readonly LabelledLines[];
  readonly height: number;

  readonly #options: LineBatchLoaderOptions;
  readonly #ring: LineBatchRing;
  readonly #workers: RingWorkers;

  /** Starts making batches; throws `INVALID_ARGUMENT` for sets and options that cannot be. */
  static open(sets: readonly LineLoaderSet[], options: LineBatchLoaderOptions): LineBatchLoader {
    return new LineBatchLoader(sets, options);
  }

  private constructor(sets: readonly LineLoaderSet[], options: LineBatchLoaderOptions) {
    const { threads = 2, prefetch = 4, startStep = 0, steps = Infinity } = options;
    checkCounts({ threads, prefetch }, { startStep, ...(steps === Infinity ? {} : { steps }) });
    const { alphabet, maxLength, seed, stretch, augment, chunkLines } = options;
    const shape = fullLineBatchShape(options.shape);
    const maxSteps = Math.floor(shape.maxWidth / shape.stride);
    this.sets = sets.map(({ dataset }) => labelLines(dataset, alphabet, { maxSteps, maxLength }));
    this.#options = options;

    // A sampler here would only repeat the threads' work, but making one finds mistakes before they start.
    const sampling = { seed, shape, stretch, augment, chunkLines };
    const sampler = new LineSampler(this.#weighted(sets), sampling);
    this.height = sets[0].dataset.height;
    // One slot more than is made ahead: the one that the consumer holds.
    const memory = allocateLineRing(prefetch + 1, sampler.shape, this.height);
    this.#ring = new LineBatchRing(memory);
    const toSend = this.sets.map(({ dataset, ...labelled }, i) => ({
      ...labelled,
      source: dataset.source,
      weight: sets[i].weight,
      augment: sets[i].augment,
    }));
    const data = { sets: toSend, sampling, memory, startStep, steps, threads };
    const perThread = Array.from({ length: threads }, (_, thread): LineBatchWorkerData => ({ ...data, thread }));
    this.#workers = new RingWorkers(new URL('./line-batch-loader.worker.ts', import.meta.url), this.#ring, perThread);
  }

  /** Seconds that the consumer has waited so far. */
  get waitSeconds(): number {
    return this.#workers.waitSeconds;
  }

  /** The next batch, or `undefined` after the last; frees the one before. Throws what went wrong on the worker threads. */
  async next(): Promise<LineBatch | undefined> {
    const taken = await this.#workers.take(this.#options.steps ?? Infinity);
    return taken && this.#batch(taken.serial, taken.waitSeconds);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LineBatch, void, undefined> {
    try {
      for (let batch = await this.next(); batch !== undefined; batch = await this.next()) yield batch;
    } finally {
      await this.close();
    }
  }

  /** The texts of a batch's lines, `[batch]`. */
  texts({ sets, indices }: Pick<LineBatch, 'sets' | 'indices'>): string[] {
    return Array.from(sets, (set, row) => this.sets[set].dataset.lines[indices[row]].text);
  }

  /** Ends the worker threads; may be called at any time, and again. */
  async close(): Promise<void> {
    await this.#workers.close();
  }

  #weighted(sets: readonly LineLoaderSet[]) {
    return sets.map(({ weight, augment }, i) => ({ lines: this.sets[i], weight, augment }));
  }

  #batch(serial: number, waitSeconds: number): LineBatch {
    const slot = this.#ring.slot(serial);
    const [width, count] = slot.shape;
    const maxLabel = labelsPerLine(width, fullLineBatchShape(this.#options.shape));
    return {
      step: (this.#options.startStep ?? 0) + serial,
      width,
      maxLabel,
      images: slot.images.subarray(0, count * this.height * width),
      labels: slot.labels.subarray(0, count * maxLabel),
      widths: slot.widths.subarray(0, count),
      labelLengths: slot.labelLengths.subarray(0, count),
      sets: slot.sets.subarray(0, count),
      indices: slot.indices.subarray(0, count),
      waitSeconds,
    };
  }
}

function checkCounts(fromOne: Record<string, number>, fromZero: Record<string, number>): void {
  for (const [least, values] of [
    [1, fromOne],
    [0, fromZero],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      if (Number.isInteger(value) && value >= least) continue;
      throw new TextRecognizerError('INVALID_ARGUMENT', `${name} must be a whole number from ${least}, got ${value}.`);
    }
  }
}
