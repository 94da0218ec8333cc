import { setMaxListeners } from 'node:events';
import type { FastifyReply } from 'fastify';
import { onAnswerEnd } from './answer-end.ts';

/** Aborts when the client disconnects before it has its answer. */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  // Each image of a batch listens, which Node would warn of.
  setMaxListeners(0, controller.signal);
  onAnswerEnd(reply, () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
