import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { DashboardAnswer } from '../../monitoring/dashboard-answer.ts';

/** `GET /v1/monitor`: what the dashboard shows. */
export function monitorRoutes(v1: FastifyInstance, dashboard: () => DashboardAnswer): void {
  const schema = { summary: 'Traffic, errors, drift and alarms of the last six hours', tags: ['operation'] };
  v1.get('/v1/monitor', { schema }, async (_, reply) => reply.header('cache-control', 'no-store').send(dashboard()));
}

/** `GET /monitor/`: the built dashboard, which holds no data and asks for the key; nothing where it is not built. */
export async function dashboardRoutes(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  app.get('/monitor', { schema: { hide: true } }, (_, reply) => reply.redirect('monitor/'));
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/monitor/',
    wildcard: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply) => reply.setHeader('cache-control', 'no-cache'),
  });
}
