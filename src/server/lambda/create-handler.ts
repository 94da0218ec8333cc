import { awsLambdaFastify } from '@fastify/aws-lambda';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { readServiceOptions } from '../../options/read-service-options.ts';
import { checkVariables, type Environment } from '../../options/variables.ts';
import { modelsToServe } from '../../models/models-to-serve.ts';
import { createServer } from '../http/create-server.ts';
import { embeddedMetrics } from '../monitoring/embedded-metrics.ts';
import { InlineRecognizer } from './inline-recognizer.ts';
import { isDirectEvent, isHttpEvent, lostItsBytes, plainEvent, type DirectEvent } from './events.ts';
import { ProblemError, type ProblemCode, type ProblemDetails } from '../http/problem.ts';

export type LambdaHandler = (event: unknown, context?: object) => Promise<unknown>;

/** Base64 of an invocation's 6 MB leaves this many bytes for an image. */
const MAX_BYTES = 4_400_000;

/**
 * Loads the models and answers API Gateway (v1 and v2), function URLs, ALB, and direct invocations, which give the answer itself
 * or fail with the problem's code; any other event is answered with status 400. The variables of `serviceOptions` that have an
 * effect there configure it.
 */
export async function createLambdaHandler(env: Environment): Promise<LambdaHandler> {
  checkVariables(env);
  const options = readServiceOptions(env, { platform: 'lambda' });
  const { imageUrl, apiKeyHashes, corsOrigins, rateLimit, logLevel, logAddresses, monitoring } = options;
  const { languageModel, adapters, licence, threads } = options;
  const limits = { maxBytes: MAX_BYTES };
  const models = options.models ?? (await modelsToServe(licence));
  const service = await InlineRecognizer.start({
    models,
    adapters,
    licence,
    limits,
    languageModel,
    threads,
    measure: monitoring,
  });
  const app = await createServer(service, {
    ...limits,
    docs: false,
    imageUrl,
    apiKeyHashes,
    corsOrigins,
    requestsPerMinute: rateLimit,
    logLevel,
    logAddresses,
    ...(monitoring && { watcher: embeddedMetrics((line) => console.log(line)) }),
    // API Gateway and function URLs say who asked; an ALB, which does not, is as good as this machine.
    trustProxy: options.trustProxy ?? ['loopback'],
  });
  await app.ready();
  const answerHttp = awsLambdaFastify(app, {
    decorateRequest: false,
    // A comma in image_url belongs to the address.
    parseCommaSeparatedQueryParams: false,
    binaryMimeTypes: ['image/png', 'application/octet-stream'],
  });
  return async (event, context = {}) => {
    const known = Object(event) as object;
    if (isDirectEvent(known)) return await answerDirect(app, known);
    if (!isHttpEvent(known)) return refused(app, unknownEvent(known));
    if (lostItsBytes(known)) return refused(app, lostBytes);
    return await answerHttp(plainEvent(known), context as never);
  };
}

/** Asks the service as HTTP would; where keys are set, a direct invocation cannot send one and uses HTTP events instead. */
async function answerDirect(app: FastifyInstance, event: DirectEvent): Promise<unknown> {
  const isList = (value: unknown) => Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  const odd = Object.keys(event).find((name) => typeof event[name] !== 'string' && !isList(event[name]));
  if (odd !== undefined) throw named('INVALID_REQUEST', `'${odd.slice(0, 100)}' in the event must be a string.`);
  const { image, ...query } = event as Record<string, string | string[]>;
  const request: InjectOptions =
    image === undefined
      ? { method: 'GET', url: '/v1/predict', query }
      : { method: 'POST', url: '/v1/predict', payload: event };
  const response = await app.inject(request);
  if (response.statusCode === 200) return response.json();
  const { code, detail } = response.json<ProblemDetails>();
  throw named(code, detail);
}

/** Lambda reports the name as errorType. */
function named(code: ProblemCode, detail: string): Error {
  return Object.assign(new Error(detail), { name: code });
}

const lostBytes = new ProblemError(
  'UNSUPPORTED_MEDIA_TYPE',
  'API Gateway has read the image as text, and its bytes are lost. Add image/*, application/octet-stream and multipart/form-data to ' +
    'binaryMediaTypes of the REST API, or send JSON with the image as a data URL. HTTP APIs and function URLs need no setting.',
);

function unknownEvent(event: object): ProblemError {
  const names = Object.keys(event).slice(0, 5).join(', ').slice(0, 100);
  return new ProblemError(
    'INVALID_REQUEST',
    `The event is neither of HTTP (API Gateway, a function URL, an ALB) nor { "image": "data:image/png;base64,…" } nor ` +
      `{ "image_url": "https://…" }; it holds ${names === '' ? 'nothing' : names}.`,
  );
}

/** A response as API Gateway wants it. */
function refused(app: FastifyInstance, problem: ProblemError) {
  app.log.warn({ code: problem.code }, problem.message);
  const headers = { 'content-type': 'application/problem+json' };
  const body = JSON.stringify(problem.details());
  return { statusCode: problem.status, headers, isBase64Encoded: false, body };
}
