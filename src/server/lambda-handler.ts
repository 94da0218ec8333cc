import { awsLambdaFastify } from '@fastify/aws-lambda';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { readServiceOptions } from '../options/read-service-options.ts';
import { checkVariables, type Environment } from '../options/variables.ts';
import { defaultModels } from '../predictors/default-models.ts';
import { createServer } from './create-server.ts';
import { InlineService } from './inline-service.ts';
import type { ProblemDetails } from './problem.ts';

/** A direct invocation, in the two forms of the FSDL Text Recognizer: the image itself as a data URL, or its address. */
export type DirectEvent = ({ readonly image: string } | { readonly image_url: string }) & {
  readonly model?: string;
  readonly decoder?: string;
};

export type LambdaHandler = (event: object, context?: object) => Promise<unknown>;

/** Base64 of an invocation's 6 MB leaves this many bytes for an image. */
const MAX_BYTES = 4_400_000;

/**
 * Loads the models that `TEXT_RECOGNIZER_MODELS` names (by commas; default `character-cnn`) and answers API Gateway (v1 and
 * v2), function URLs, ALB, and direct invocations, which give the answer itself or fail with the problem's code.
 * The variables of `serviceOptions` that have an effect there configure it.
 */
export async function createLambdaHandler(env: Environment): Promise<LambdaHandler> {
  checkVariables(env);
  const options = readServiceOptions(env, { platform: 'lambda' });
  const { imageUrl, apiKeyHashes, corsOrigins, rateLimit, logLevel, languageModel, threads } = options;
  const limits = { maxBytes: MAX_BYTES };
  const models = options.models ?? [defaultModels.character];
  const service = await InlineService.start(models, { limits, languageModel, threads });
  const app = await createServer(service, {
    ...limits,
    docs: false,
    imageUrl,
    apiKeyHashes,
    corsOrigins,
    requestsPerMinute: rateLimit,
    logLevel,
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
  return async (event, context = {}) =>
    isDirect(event) ? await answerDirect(app, event) : await answerHttp(event, context as never);
}

function isDirect(event: object): event is DirectEvent {
  return !('requestContext' in event) && ('image' in event || 'image_url' in event);
}

/** Asks the service as HTTP would; where keys are set, a direct invocation cannot send one and uses HTTP events instead. */
async function answerDirect(app: FastifyInstance, event: DirectEvent): Promise<unknown> {
  const { model, decoder } = event;
  const query: Record<string, string> = {
    ...(model !== undefined && { model }),
    ...(decoder !== undefined && { decoder }),
  };
  const request: InjectOptions =
    'image' in event
      ? { method: 'POST', url: '/v1/predict', query, payload: { image: event.image } }
      : { method: 'GET', url: '/v1/predict', query: { ...query, image_url: event.image_url } };
  const response = await app.inject(request);
  if (response.statusCode === 200) return response.json();
  const { code, detail } = response.json<ProblemDetails>();
  // Lambda reports the name as errorType.
  throw Object.assign(new Error(detail), { name: code });
}
