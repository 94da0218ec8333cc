import type { Worker } from 'node:worker_threads';
import { spawnWorker } from '../../runtime/spawn-worker.ts';
import {
  bytesOf,
  openBody,
  piecesOf,
  type BodyLimits,
  type EncodedBody,
  type OpenedBody,
  type ProblemMessage,
} from './open-body.ts';
import { ProblemError } from './problem.ts';

/** A body for the thread; its memory is handed over. */
export interface OpenRequest {
  readonly id: number;
  readonly body: EncodedBody;
  readonly limits: BodyLimits;
}

/** What the thread posts. */
export type OpenMessage =
  | { readonly id: number; readonly opened: OpenedBody }
  | { readonly id: number; readonly problem: ProblemMessage };

interface Waiting {
  readonly resolve: (opened: OpenedBody) => void;
  readonly reject: (error: Error) => void;
}

/** Bodies up to this many bytes are opened at once, in less time than it would take to hand them over. */
const SMALL_BYTES = 2 ** 16;

/** Opens bodies: large ones on a thread of its own, which is started for the first of them. */
export class BodyOpener {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 0;
  #onIdle: (() => void) | undefined;

  /** Takes over the body's memory. Throws as `openBody` does, or NOT_READY if the thread dies. */
  async open(body: EncodedBody, limits: BodyLimits): Promise<OpenedBody> {
    const pieces = piecesOf(body);
    if (bytesOf(pieces) <= SMALL_BYTES) return await openBody(body, limits);
    const request: OpenRequest = { id: this.#nextId++, body, limits };
    const worker = (this.#worker ??= this.#start());
    return await new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      worker.postMessage(
        request,
        pieces.map(({ buffer }) => buffer),
      );
    });
  }

  /** Ends the thread when it has opened what it has: were it ended while a header is read, the decoder would end the process. */
  async close(): Promise<void> {
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = spawnWorker(new URL('./open-body.worker.ts', import.meta.url));
    worker.on('message', (message: OpenMessage) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if ('opened' in message) waiting?.resolve(message.opened);
      else waiting?.reject(new ProblemError(message.problem.code, message.problem.message));
      if (this.#waiting.size === 0) this.#onIdle?.();
    });
    let cause: unknown;
    worker.on('error', (error) => (cause = error));
    worker.on('exit', () => this.#end(cause));
    // The server that listens keeps the process alive.
    worker.unref();
    return worker;
  }

  /** Whoever waits is told; the next body starts another thread. */
  #end(cause: unknown): void {
    this.#worker = undefined;
    const error = new ProblemError('NOT_READY', 'The thread that opens bodies failed and is replaced; try again.', {
      cause,
      retryAfter: 1,
    });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#onIdle?.();
  }
}
