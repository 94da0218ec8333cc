import type { Worker } from 'node:worker_threads';
import { TextRecognizerError } from '../../errors.ts';
import { spawnWorker } from '../../runtime/spawn-worker.ts';
import { fromErrorMessage } from '../../runtime/worker-error.ts';
import type { LoadedModels, ReadMessage, ReadRequest, ReadWorkerData } from './read-protocol.ts';
import type { BatchResult, ImageToRead } from './read-batch.ts';

interface Waiting {
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that holds the models and reads batches; once it has died, every batch it had fails with WORKER_FAILED. */
export class ReadThread {
  /** What it has loaded; rejects when it cannot. */
  readonly ready: Promise<LoadedModels>;
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;

  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #cause: unknown;
  #onIdle: (() => void) | undefined;

  constructor(data: ReadWorkerData) {
    this.#worker = spawnWorker(new URL('./read.worker.ts', import.meta.url), { workerData: data });
    this.#worker.on('error', (cause) => (this.#cause = cause));
    this.ended = new Promise((resolve) => this.#worker.on('exit', () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: ReadMessage) => {
        if (message.type === 'ready') resolve(message);
        else if (message.type === 'unable') reject(fromErrorMessage(message.error));
        else this.#settle(message);
      });
      this.#worker.on('exit', (code) => {
        const error = this.#death(code);
        reject(error);
        for (const waiting of this.#waiting.values()) waiting.reject(error);
        this.#waiting.clear();
      });
    });
    // A pool that was forgotten does not keep the process alive; a server that listens does, or an image that is read.
    // Whoever started the thread looks at its errors; one that dies later must not end the process.
    this.ready.then(
      () => this.#worker.unref(),
      () => {},
    );
  }

  /** How many batches it has been given and not answered. */
  get inFlight(): number {
    return this.#waiting.size;
  }

  /** Hands a batch over, with its memory. */
  read(images: readonly ImageToRead[]): Promise<BatchResult> {
    const request: ReadRequest = { id: this.#nextId++, images };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(
        request,
        images.map(({ image }) => image.buffer),
      );
    });
  }

  /** Ends the thread when it has answered what it has: were it ended while an image is decoded, the decoder would end the process. */
  async close(): Promise<void> {
    await Promise.race([this.ended, this.#idle()]);
    await this.#worker.terminate();
  }

  async #idle(): Promise<void> {
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  #settle(message: Extract<ReadMessage, { id: number }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'read') waiting?.resolve(message.result);
    else waiting?.reject(fromErrorMessage(message.error));
    if (this.#waiting.size === 0) this.#onIdle?.();
  }

  #death(code: number): TextRecognizerError {
    const reason = this.#cause instanceof Error ? this.#cause.message : `exit code ${code}`;
    return new TextRecognizerError('WORKER_FAILED', `A thread that reads ended: ${reason}.`, { cause: this.#cause });
  }
}
