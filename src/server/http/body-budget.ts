import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatBytes } from '../../images/image-limits.ts';
import { IdleCollector } from '../../runtime/idle-collector.ts';
import { onAnswerEnd } from './answer-end.ts';
import { ProblemError } from './problem.ts';

/** Bodies up to this many bytes find room where large ones hold all that they may. */
const SMALL_BYTES = 2 ** 18;
/** The share of the budget that is kept for small bodies. */
const SHARE_FOR_SMALL = 1 / 8;

/**
 * Bounds the bytes that the bodies of all requests hold together, from their arrival to the answer. They are counted as
 * they arrive, so that clients that announce much and send little take nothing from others.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  readonly #maxLargeBytes: number;
  readonly #received = new WeakMap<FastifyRequest, number>();
  readonly #collector = new IdleCollector();
  #bytes = 0;

  /** `largest` is what the largest body may have; it always finds room in an empty house. */
  constructor(maxBytes: number, largest: number) {
    this.#maxBytes = maxBytes;
    this.#maxLargeBytes = Math.max(largest, maxBytes * (1 - SHARE_FOR_SMALL));
  }

  /** How many bytes are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Refuses a request whose announced body has no room, before it is sent, and frees what it held once it is answered. */
  readonly onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const announced = Number(request.headers['content-length'] ?? 0);
    const { bodyLimit } = request.routeOptions;
    if (announced > bodyLimit) throw tooLarge(bodyLimit);
    this.#requireRoom(announced, announced);
    this.#received.set(request, 0);
    onAnswerEnd(reply, () => this.#free(request));
  };

  /** Counts bytes of a request; throws IMAGE_TOO_LARGE beyond the limit of its route, OVERLOADED beyond that of all. */
  readonly add = (request: FastifyRequest, bytes: number): void => {
    const received = this.#received.get(request);
    // The client went, and the rest of its body arrives at nobody.
    if (received === undefined) return;
    const { bodyLimit } = request.routeOptions;
    if (received + bytes > bodyLimit) throw tooLarge(bodyLimit);
    this.#requireRoom(bytes, received + bytes);
    this.#received.set(request, received + bytes);
    this.#bytes += bytes;
  };

  #requireRoom(bytes: number, ofBody: number): void {
    const most = ofBody <= SMALL_BYTES ? this.#maxBytes : this.#maxLargeBytes;
    if (this.#bytes + bytes <= most) return;
    const [held, all] = [formatBytes(this.#bytes), formatBytes(most)];
    throw new ProblemError(
      'OVERLOADED',
      `Other requests hold ${held} of ${all}; ${formatBytes(bytes)} more have no room now. Try again later.`,
      { retryAfter: 1 },
    );
  }

  #free(request: FastifyRequest): void {
    const received = this.#received.get(request) ?? 0;
    this.#bytes -= received;
    this.#collector.release(received);
    this.#received.delete(request);
  }
}

function tooLarge(bodyLimit: number): ProblemError {
  return new ProblemError(
    'IMAGE_TOO_LARGE',
    `A request may have ${formatBytes(bodyLimit)} here; send smaller images, or fewer at a time.`,
  );
}
