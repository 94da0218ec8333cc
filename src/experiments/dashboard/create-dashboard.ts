import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { fastify, type FastifyInstance } from 'fastify';
import { TextRecognizerError } from '../../errors.ts';
import type { RunIndex } from '../tracking/run-index.ts';
import { dashboardRoutes } from './dashboard-routes.ts';

const REFRESH_MS = 2000;

/** Names of this machine: a page elsewhere that points a name of its own here is refused. */
const ownNames = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

/**
 * The dashboard as a Fastify application: the page in `pageFolder`, and the runs of an index, which is kept up to date. It only reads, and
 * answers only those who ask for this machine by its own name.
 */
export async function createDashboard(index: RunIndex, pageFolder: string | undefined): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async ({ headers: { host = '' } }, reply) => {
    if (!ownNames.test(host)) await reply.code(403).send({ error: `This dashboard is not for '${host}'.` });
  });
  app.setErrorHandler((error, _, reply) => {
    if (!(error instanceof TextRecognizerError)) throw error;
    return reply.code(error.code === 'FILE_NOT_FOUND' ? 404 : 400).send({ error: error.message });
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
  dashboardRoutes(app, index);
  if (pageFolder !== undefined) await app.register(fastifyStatic, { root: pageFolder });
  keepRefreshing(app, index);
  return app;
}

/** One look at the folders after the other, with a pause between them. */
function keepRefreshing(app: FastifyInstance, index: RunIndex): void {
  let isClosed = false;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => void index.refresh().finally(next), REFRESH_MS).unref();
  };
  next();
  app.addHook('onClose', () => {
    isClosed = true;
    clearTimeout(timer);
  });
}
