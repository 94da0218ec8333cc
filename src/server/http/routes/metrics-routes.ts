import type { FastifyInstance } from 'fastify';
import type { MetricsSource } from '../../monitoring/metrics-server.ts';
import { requireApiKey } from '../api-keys.ts';
import type { ServerSettings } from '../server-options.ts';

/** `GET /metrics`: counts for Prometheus, as OpenMetrics; behind the keys where there are any. */
export function metricsRoutes(
  app: FastifyInstance,
  metrics: MetricsSource,
  { apiKeyHashes }: Pick<ServerSettings, 'apiKeyHashes'>,
): void {
  const onRequest = apiKeyHashes.length > 0 ? [requireApiKey(apiKeyHashes)] : [];
  const schema = { summary: 'Counts for Prometheus, as OpenMetrics', tags: ['operation'] };
  app.get('/metrics', { onRequest, schema }, async (_, reply) => {
    return await reply.type(metrics.contentType).send(await metrics.metrics());
  });
}
