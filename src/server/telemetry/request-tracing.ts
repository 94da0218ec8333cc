import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TimedReading } from '../reading-service.ts';

/** The span of a request, which takes the readings of its images; times are of `performance.now()`. */
export interface RequestSpan {
  /** An image was read, from `start` until now. */
  read(start: number, timed: TimedReading): void;
  /** An image was not read, for a reason that has a code. */
  failed(start: number, code: string): void;
}

/** Makes a span of each request, from its arrival until its answer is sent. */
export interface RequestTracing {
  begin(request: FastifyRequest, reply: FastifyReply): void;
  spanOf(request: FastifyRequest): RequestSpan | undefined;
}
