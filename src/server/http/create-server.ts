import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import { fastify, LogController, type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { TrustProxy } from '../../options/parse-values.ts';
import { answerBrokenRequest, answerOddHeaders, answerProblems, sendProblem } from './answer-problems.ts';
import { requireApiKey } from './api-keys.ts';
import { checkRequest } from './check-request.ts';
import { clientNetwork } from './client-network.ts';
import { closeGracefully } from './close-gracefully.ts';
import type { Feedback } from '../feedback/feedback.ts';
import type { ReadingService } from '../reading-service.ts';
import { ProblemError } from './problem.ts';
import { watchedService } from '../monitoring/watched-service.ts';
import { tracedService } from '../telemetry/traced-service.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { dashboardRoutes, monitorRoutes } from './routes/dashboard-routes.ts';
import { metricsRoutes } from './routes/metrics-routes.ts';
import { modelRoutes } from './routes/model-routes.ts';
import { feedbackRoutes } from './routes/feedback-routes.ts';
import { pageRoutes } from './routes/page-routes.ts';
import { predictRoutes } from './routes/predict-routes.ts';
import { serverSettings, type ServerOptions, type ServerSettings } from './server-options.ts';

/**
 * The service as a Fastify application, ready to listen or to be called from a Lambda function. Closing it answers what
 * it accepted, then closes the service.
 */
export async function createServer(plain: ReadingService, options: ServerOptions = {}): Promise<FastifyInstance> {
  const settings = serverSettings(options);
  const { watcher, tracing, metrics, feedback, dashboard, dashboardFolder } = settings;
  const app = fastify(fastifyOptions(settings));
  const traced = tracing ? tracedService(plain) : plain;
  const watched = watcher ? watchedService(traced, watcher, app.log) : traced;
  const service = feedback ? feedback.remembering(watched) : watched;
  answerProblems(app);
  answerOddHeaders(app);
  if (tracing) app.addHook('onRequest', async (request, reply) => tracing.begin(request, reply));
  logAnswers(app, settings);
  closeGracefully(app, settings.drainMs);
  await secure(app, settings);
  if (settings.docs) await (await import('./routes/docs-routes.ts')).docsRoutes(app, settings.version);
  void app.register(multipart, { fileHwm: FORM_BUFFER_BYTES });
  healthRoutes(app, service);
  if (metrics) metricsRoutes(app, metrics, settings);
  await app.register(async (v1) => {
    await protect(v1, settings);
    v1.addHook('onRequest', checkRequest);
    modelRoutes(v1, service);
    predictRoutes(v1, service, settings);
    if (dashboard) monitorRoutes(v1, dashboard);
  });
  if (feedback) await app.register((v1) => takeFeedback(v1, feedback, settings));
  await pageRoutes(app, settings.pageFolder);
  if (dashboard && dashboardFolder !== undefined) await dashboardRoutes(app, dashboardFolder);
  app.addHook('onClose', () => service.close());
  return app;
}

/** Instead of Ajv and its like, which would be loaded only to be replaced; Fastify's types know no other kind of schema. */
const compilersFactory = {
  buildValidator: () => validatorCompiler,
  buildSerializer: () => serializerCompiler,
} as unknown as NonNullable<FastifyHttpOptions<Server>['schemaController']>['compilersFactory'];

function fastifyOptions({
  requestTimeoutMs,
  trustProxy,
  logLevel,
  logStream,
}: ServerSettings): FastifyHttpOptions<Server> {
  return {
    logger: logLevel === 'silent' ? false : { level: logLevel, ...(logStream && { stream: logStream }) },
    schemaController: { compilersFactory },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    trustProxy: believed(trustProxy),
    requestTimeout: requestTimeoutMs,
    http: {
      requireHostHeader: false,
      headersTimeout: Math.min(10_000, requestTimeoutMs),
      connectionsCheckingInterval: Math.max(100, requestTimeoutMs / 30),
    },
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void sendProblem(reply, request, error),
  };
}

/** Fastify believes nobody for a number, so that hops are counted here: from the service on, which is from the right in the header. */
function believed(proxies: TrustProxy): FastifyHttpOptions<Server>['trustProxy'] {
  if (typeof proxies === 'number') return (_, hop) => hop < proxies;
  return proxies === false ? false : [...proxies];
}

/** The id that a proxy gave, if it is one that is harmless in a log, otherwise a new one. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** One line for each answer; neither images nor addresses of images come into the log. */
function logAnswers(app: FastifyInstance, { watcher, logAddresses }: ServerSettings): void {
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, ip } = request;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    watcher?.answered(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
    request.log.info(
      { method, path: url.split('?', 1)[0], status: reply.statusCode, ms, ...(logAddresses && { ip }) },
      'answered',
    );
  });
}

async function secure(app: FastifyInstance, { corsOrigins }: ServerSettings): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Lets WebAssembly use threads in the page.
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    // Whoever ends TLS in front of this service decides on it.
    strictTransportSecurity: false,
  });
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'POST', 'DELETE'],
    exposedHeaders: ['x-request-id', 'retry-after'],
  });
}

/**
 * More than one read of a socket gives. The parser waits forever behind a part that is not a field (its name is missing or
 * broken) once the part's buffer is full.
 */
const FORM_BUFFER_BYTES = 2 ** 18;

/** In a scope of its own, whose JSON is parsed as usual. */
async function takeFeedback(v1: FastifyInstance, feedback: Feedback, settings: ServerSettings): Promise<void> {
  await protect(v1, settings);
  v1.addHook('onRequest', checkRequest);
  feedbackRoutes(v1, feedback);
}

async function protect(v1: FastifyInstance, { requestsPerMinute, apiKeyHashes }: ServerSettings): Promise<void> {
  if (requestsPerMinute !== undefined) {
    await v1.register(rateLimit, {
      global: false,
      max: requestsPerMinute,
      timeWindow: '1 minute',
      keyGenerator: ({ ip }) => clientNetwork(ip),
      errorResponseBuilder: (_, { after }) =>
        new ProblemError('RATE_LIMITED', `At most ${requestsPerMinute} requests a minute; try again in ${after}.`),
    });
    // Before the keys are looked at, so that they cannot be guessed quickly.
    v1.addHook('onRequest', v1.rateLimit());
  }
  if (apiKeyHashes.length > 0) v1.addHook('onRequest', requireApiKey(apiKeyHashes));
}
