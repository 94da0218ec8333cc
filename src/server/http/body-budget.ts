import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatBytes } from '../../images/image-limits.ts';
import { onAnswerEnd } from './answer-end.ts';
import { ProblemError } from './problem.ts';

/**
 * Bounds the bytes that the bodies of all requests hold together, from their arrival to the answer. They are counted as
 * they arrive, so that clients that announce much and send little take nothing from others.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  readonly #received = new WeakMap<FastifyRequest, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
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
    this.#requireRoom(announced);
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
    this.#requireRoom(bytes);
    this.#received.set(request, received + bytes);
    this.#bytes += bytes;
  };

  #requireRoom(bytes: number): void {
    if (this.#bytes + bytes <= this.#maxBytes) return;
    const [held, all] = [formatBytes(this.#bytes), formatBytes(this.#maxBytes)];
    throw new ProblemError(
      'OVERLOADED',
      `Other requests hold ${held} of ${all}; ${formatBytes(bytes)} more have no room now. Try again later.`,
      { retryAfter: 1 },
    );
  }

  #free(request: FastifyRequest): void {
    this.#bytes -= this.#received.get(request) ?? 0;
    this.#received.delete(request);
  }
}

function tooLarge(bodyLimit: number): ProblemError {
  return new ProblemError(
    'IMAGE_TOO_LARGE',
    `A request may have ${formatBytes(bodyLimit)} here; send smaller images, or fewer at a time.`,
  );
}
