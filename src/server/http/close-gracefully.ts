import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Makes closing end: connections without a request under way are closed at once, the others as soon as they are answered,
 * and what is left after `drainMs` is broken off.
 */
export function closeGracefully(app: FastifyInstance, drainMs: number): void {
  /** How many requests of each connection are not answered yet. */
  const unanswered = new Map<Socket, number>();
  let deadline: NodeJS.Timeout | undefined;

  app.server.on('connection', (socket: Socket) => {
    if (deadline !== undefined) return void socket.destroy();
    unanswered.set(socket, 0);
    socket.once('close', () => unanswered.delete(socket));
  });
  app.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    unanswered.set(socket, (unanswered.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = unanswered.get(socket);
      // The connection has closed before its answer.
      if (left === undefined) return;
      unanswered.set(socket, left - 1);
      if (deadline !== undefined && left === 1) socket.destroySoon();
    });
  });

  app.addHook('preClose', async () => {
    // Node stops looking for requests that come too slowly once a server closes, so this is what ends them.
    deadline = setTimeout(() => unanswered.forEach((_, socket) => socket.destroy()), drainMs);
    for (const [socket, left] of unanswered) if (left === 0) socket.destroy();
  });
  app.addHook('onSend', async (_, reply) => {
    if (deadline !== undefined) reply.header('connection', 'close');
  });
  app.addHook('onClose', async () => clearTimeout(deadline));
}
