import type { FastifyInstance } from 'fastify';
import type { ReadingService } from '../../reading-service.ts';
import { ProblemError } from '../problem.ts';

/** `GET /healthz`: the process answers. `GET /readyz`: it would read an image now. */
export function healthRoutes(app: FastifyInstance, service: ReadingService): void {
  app.get('/healthz', { schema: { summary: 'Whether the process answers', tags: ['operation'] } }, () => ({
    status: 'ok',
  }));
  app.get('/readyz', { schema: { summary: 'Whether images would be read now', tags: ['operation'] } }, () => {
    if (!service.isReady)
      throw new ProblemError('NOT_READY', 'No model is loaded, or the service is stopping.', { retryAfter: 1 });
    return { status: 'ready', models: service.models.map(({ manifest }) => manifest.name) };
  });
}
