import type { FastifyInstance } from 'fastify';

const SWEEP_MS = 50;

/** Makes closing end kept-alive connections as soon as their answers are sent, instead of when their clients let go. */
export function closeGracefully(app: FastifyInstance): void {
  let sweep: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
  });
  app.addHook('onSend', async (_, reply) => {
    if (sweep !== undefined) reply.header('connection', 'close');
  });
  app.addHook('onClose', async () => clearInterval(sweep));
}
