import type { Worker } from 'node:worker_threads';
import { TextRecognizerError } from '../../errors.ts';
import { spawnWorker } from '../../runtime/spawn-worker.ts';
import { fromErrorMessage, type WorkerErrorMessage } from '../../runtime/worker-error.ts';
import type { RingState } from './ring-state.ts';

/** What a worker thread posts: that it filled a slot, or what went wrong. */
export type RingWorkerMessage = 'full' | WorkerErrorMessage;

/** Threads that fill the slots of a ring, each every `threads`-th, and the one consumer that takes them in order. */
export class RingWorkers {
  /** Seconds that the consumer has waited so far. */
  waitSeconds = 0;

  readonly #ring: RingState;
  readonly #workers: Worker[];
  #serial = 0;
  #closed = false;
  #error: TextRecognizerError | undefined;
  #wake: (() => void) | undefined;

  /** Starts a thread from the module `url` with each element of `data` as its `workerData`. */
  constructor(url: URL, ring: RingState, data: readonly object[]) {
    this.#ring = ring;
    this.#workers = data.map((workerData) => this.#start(url, workerData));
  }

  /**
   * Frees the batch taken before and waits for the next one: its serial number and the seconds waited. `undefined` after `total`
   * batches, or when closed. Throws what went wrong on a thread.
   */
  async take(total: number): Promise<{ serial: number; waitSeconds: number } | undefined> {
    if (this.#wake !== undefined) {
      throw new TextRecognizerError('INVALID_ARGUMENT', 'Await one batch before asking for the next one.');
    }
    if (this.#serial > 0) this.#ring.markFree(this.#serial - 1);
    if (this.#serial >= total) return undefined;

    const started = performance.now();
    await this.#untilFull();
    if (this.#closed) return undefined;
    const waitSeconds = (performance.now() - started) / 1000;
    this.waitSeconds += waitSeconds;
    return { serial: this.#serial++, waitSeconds };
  }

  /** Ends the threads; may be called at any time, and again. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(url: URL, workerData: object): Worker {
    const worker = spawnWorker(url, { workerData });
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
