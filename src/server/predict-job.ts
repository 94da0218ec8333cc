import type { LineDecoder } from '../text/decode-line.ts';
import type { OpenedImage } from './open-body.ts';
import type { PredictionTiming } from './prediction-service.ts';
import { ProblemError } from './problem.ts';
import type { ImageToRead } from './read-batch.ts';
import type { Reading } from './reading.ts';

export interface JobResult {
  readonly reading: Reading;
  readonly timing: PredictionTiming;
}

export interface PredictJobOptions {
  readonly decoder: LineDecoder;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

interface Settlers {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
}

/** An image that was accepted: settled once, by its result, its deadline or its client's going. */
export class PredictJob {
  readonly result: Promise<JobResult>;
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

  constructor({ bytes }: OpenedImage, { decoder, deadlineMs, signal }: PredictJobOptions) {
    this.input = { image: bytes, decoder, givenUp: this.#givenUp };
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

  resolve(result: JobResult): void {
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
