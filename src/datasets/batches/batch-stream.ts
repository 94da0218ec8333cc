import type { Worker } from 'node:worker_threads';
import { TextRecognizerError } from '../../errors.ts';
import { spawnWorker } from '../../runtime/spawn-worker.ts';
import { fromErrorMessage, type WorkerErrorMessage } from '../../runtime/worker-error.ts';
import type { RingWorkerData } from './fill-ring.ts';
import { requireWhole } from './require-whole.ts';
import { allocateRing, Ring } from './ring.ts';

/** What a worker thread posts: that it filled a slot, or what went wrong. */
export type RingWorkerMessage = 'full' | WorkerErrorMessage;

/** How the batches of a stream are made. */
export interface BatchStreamOptions<Slot, Batch> {
  /** The module of the worker threads; it calls `fillRing` and gets `data`. */
  readonly module: URL;
  readonly data: object;
  /** Batches until the stream ends; may be Infinity. */
  readonly total: number;
  /** Threads that make batches; default 1. They change the speed, never the content. */
  readonly threads?: number;
  /** Batches made ahead; default 4. */
  readonly prefetch?: number;
  readonly allocateSlot: () => Slot;
  /** The batch number `serial`, counted from 0, that lies in a slot. */
  readonly toBatch: (slot: Slot, serial: number, waitSeconds: number) => Batch;
}

/**
 * Batches made ahead on other threads, in shared memory that is used again and again: a batch is valid until the next one is asked
 * for. Throws INVALID_ARGUMENT for threads or batches ahead below 1.
 */
export class BatchStream<Slot, Batch> implements AsyncIterable<Batch> {
  readonly #ring: Ring<Slot>;
  readonly #workers: Worker[];
  readonly #total: number;
  readonly #toBatch: BatchStreamOptions<Slot, Batch>['toBatch'];
  #serial = 0;
  #closed = false;
  #error: TextRecognizerError | undefined;
  #wake: (() => void) | undefined;

  constructor(options: BatchStreamOptions<Slot, Batch>) {
    const { module, data, total, threads = 1, prefetch = 4, allocateSlot, toBatch } = options;
    requireWhole(1, { threads, prefetch });
    this.#total = total;
    this.#toBatch = toBatch;
    // One slot more than is made ahead: the one that the consumer holds.
    const memory = allocateRing(prefetch + 1, allocateSlot);
    this.#ring = new Ring(memory);
    this.#workers = Array.from({ length: threads }, (_, thread) =>
      this.#start(module, { memory, thread, threads, total, data }),
    );
  }

  /**
   * The next batch, or `undefined` after the last or when closed; frees the one before. Throws what went wrong on a worker thread, and
   * INVALID_ARGUMENT while the batch before is still awaited.
   */
  async next(): Promise<Batch | undefined> {
    if (this.#wake !== undefined) {
      throw new TextRecognizerError('INVALID_ARGUMENT', 'Await one batch before asking for the next one.');
    }
    if (this.#serial > 0) this.#ring.markFree(this.#serial - 1);
    if (this.#serial >= this.#total) return undefined;

    const started = performance.now();
    await this.#untilFull();
    if (this.#closed) return undefined;
    const serial = this.#serial++;
    return this.#toBatch(this.#ring.slot(serial), serial, (performance.now() - started) / 1000);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    try {
      for (let batch = await this.next(); batch !== undefined; batch = await this.next()) yield batch;
    } finally {
      await this.close();
    }
  }

  /** Ends the threads; may be called at any time, and again. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(module: URL, workerData: RingWorkerData<Slot, object>): Worker {
    const worker = spawnWorker(module, { workerData });
    worker.on('message', (message: RingWorkerMessage) => {
      if (message !== 'full') this.#error ??= fromErrorMessage(message);
      this.#wake?.();
    });
    worker.on('error', (cause: Error) => this.#fail(`A thread that makes batches failed: ${cause.message}`, cause));
    worker.on('exit', (code) => {
      if (code !== 0 && !this.#closed) this.#fail(`A thread that makes batches ended with exit code ${code}.`);
    });
    // Only a consumer that waits keeps the process alive, not a loader that was forgotten.
    worker.unref();
    return worker;
  }

  #fail(message: string, cause?: unknown): void {
    this.#error ??= new TextRecognizerError('WORKER_FAILED', message, { cause });
    this.#wake?.();
  }

  /** Waits until the next batch is there or the ring is closed; batches made before an error still come first. */
  async #untilFull(): Promise<void> {
    while (!this.#ring.isFull(this.#serial)) {
      if (this.#error !== undefined) {
        await this.close();
        throw this.#error;
      }
      if (this.#closed) return;
      for (const worker of this.#workers) worker.ref();
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
      for (const worker of this.#workers) worker.unref();
    }
  }
}
