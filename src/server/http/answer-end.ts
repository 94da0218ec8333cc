import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

const unanswered = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back once, when the answer is sent or its client goes. The answer's own `close` is not enough: Node emits none
 * for a request that is in line behind another one of its connection (HTTP pipelining) when that connection ends.
 */
export function onAnswerEnd({ raw, request }: FastifyReply, callback: () => void): void {
  const { socket } = request.raw;
  const ends = endsOf(socket);
  const end = (): void => {
    if (ends.delete(end)) callback();
  };
  ends.add(end);
  raw.once('close', end);
  if (socket.closed) end();
}

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

/** One listener per connection, however many requests it has. */
function endsOf(socket: Socket): Set<() => void> {
  const known = unanswered.get(socket);
  if (known !== undefined) return known;
  const ends = new Set<() => void>();
  unanswered.set(socket, ends);
  socket.once('close', () => ends.forEach((end) => end()));
  return ends;
}
