import type { OpenedImage } from '../http/open-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { ServiceOptions, TimedReading } from '../reading-service.ts';
import type { ImageToRead } from './read-batch.ts';

export interface ReadJobOptions extends ServiceOptions {
  readonly deadlineMs: number;
}

interface Settlers {
  readonly resolve: (result: TimedReading) => void;
  readonly reject: (error: Error) => void;
}

/** An image that was accepted: settled once, by its reading, its deadline or its client's going. */
export class ReadJob {
  readonly result: Promise<TimedReading>;
  /** When it was accepted, by `performance.now()`. */
  readonly since = performance.now();
  readonly input: ImageToRead;
  readonly #givenUp = new Int32Array(new SharedArrayBuffer(4));
  readonly #settlers: Settlers;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = (): void => this.reject(new ProblemError('CLIENT_GONE', 'The client went before the answer.'));
  #afterwards: (() => void) | undefined;
  #isSettled = false;

  constructor({ bytes }: OpenedImage, { deadlineMs, signal, requestId: _requestId, ...choice }: ReadJobOptions) {
    this.input = { image: bytes, ...choice, givenUp: this.#givenUp };
    let settlers: Settlers;
    this.result = new Promise((resolve, reject) => (settlers = { resolve, reject }));
    this.#settlers = settlers!;
    this.#timer = setTimeout(() => this.reject(tooLate(deadlineMs)), deadlineMs);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    if (signal?.aborted) this.#abort();
  }

  /** Calls back once the job is settled, at once if it is. */
  onSettled(callback: () => void): void {
    if (this.#isSettled) callback();
    else this.#afterwards = callback;
  }

  resolve(result: TimedReading): void {
    if (this.#settle()) this.#settlers.resolve(result);
  }

  reject(error: Error): void {
    if (this.#settle()) this.#settlers.reject(error);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    Atomics.store(this.#givenUp, 0, 1);
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#afterwards?.();
    return true;
  }
}

function tooLate(deadlineMs: number): ProblemError {
  return new ProblemError(
    'DEADLINE_EXCEEDED',
    `The image was not read within ${deadlineMs / 1000} s; try again later.`,
    {
      retryAfter: Math.ceil(deadlineMs / 1000),
    },
  );
}
