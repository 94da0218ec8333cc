import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { TextRecognizerError } from '../../../errors.ts';
import { formatBytes } from '../../../images/image-limits.ts';
import { toAnswer } from '../answer.ts';
import { BodyBudget } from '../body-budget.ts';
import { clientSignal } from '../answer-end.ts';
import { batchLines, LINES_TYPE, wantsLines } from '../batch-lines.ts';
import { fetchImage, type FetchImageOptions } from '../fetch-image.ts';
import { type EncodedBody, type OpenedBody, type OpenedItem, ownMemory } from '../open-body.ts';
import type { ReadingService, ServiceOptions, TimedReading } from '../../reading-service.ts';
import { ProblemError, toProblem, type ProblemCode, type ProblemDetails } from '../problem.ts';
import { readForm } from '../read-form.ts';
import { checkChoice, choiceOf, mergeChoices } from '../request-parameters.ts';
import { receiveBodies } from '../receive-body.ts';
import { batchSchema, imageUrlQuerySchema, predictionSchema, predictQuerySchema, responses } from '../schemas.ts';
import { documentRoutes } from './document-routes.ts';
import type { ServerSettings } from '../server-options.ts';

/** Base64 makes four characters of three bytes; the rest is room for JSON, or for the parts of a form. */
export const bodyLimit = (images: number, maxBytes: number): number => Math.ceil((images * maxBytes * 4) / 3) + 16_384;

/** `POST /v1/predict`, `GET /v1/predict?image_url=`, `POST /v1/predict/batch` and `POST /v1/predict/document`. */
export function predictRoutes(app: FastifyInstance, service: ReadingService, settings: ServerSettings): void {
  const { maxBytes, maxBatchImages } = settings;
  const oneLimit = bodyLimit(1, maxBytes);
  const batchLimit = bodyLimit(2, maxBytes);
  const budget = bodyBudget(settings.maxBodyBytes, batchLimit);
  const routes = app.withTypeProvider<ZodTypeProvider>();
  // A busy service says so before a body is sent, not after.
  const checkRoom = async (): Promise<void> => service.checkRoom(1);
  const hooks = { onRequest: [checkRoom, budget.onRequest] };
  receiveBodies(app, budget.add);
  const openFor = async (body: EncodedBody, images: 'one' | number, most = maxBytes): Promise<OpenedBody> => {
    const opened = await service.open(body, { images, maxBytes: most });
    const { items } = opened;
    const decodeBytes = items.flatMap((item) => ('decodeBytes' in item ? [item.decodeBytes] : []));
    service.checkRoom(items.length, decodeBytes);
    return opened;
  };
  const open = async (request: FastifyRequest, images: 'one' | number, most = maxBytes): Promise<OpenedBody> => {
    const onBytes = (bytes: number): void => budget.add(request, bytes);
    const form = { maxBytes: most, maxImages: images === 'one' ? 1 : images, onBytes };
    const body = request.isMultipart() ? await readForm(request, form) : (request.body as EncodedBody | undefined);
    if (body === undefined) throw new ProblemError('INVALID_REQUEST', 'The request has no body; send an image.');
    return await openFor(body, images, most);
  };

  const read = async (item: OpenedItem, options: ServiceOptions): Promise<TimedReading> => {
    checkChoice(service.models, options);
    if ('problem' in item) throw new ProblemError(item.problem.code, item.problem.message);
    return await service.read(item, options);
  };

  const identityOf = (request: FastifyRequest): Pick<ServiceOptions, 'requestId' | 'span'> => {
    const span = settings.tracing?.spanOf(request);
    return { requestId: request.id, ...(span && { span }) };
  };

  /** Only where corrections are taken is an answer's id of use. */
  const named = (answer: ReturnType<typeof toAnswer>, id: string) =>
    settings.feedback ? { ...answer, request_id: id } : answer;

  const postSchema = { summary: 'Read one image', tags: ['reading'], querystring: predictQuerySchema };
  routes.post(
    '/v1/predict',
    { ...hooks, bodyLimit: oneLimit, schema: { ...postSchema, response: responses(predictionSchema) } },
    async (request, reply) => {
      const started = performance.now();
      const signal = clientSignal(reply);
      const { items, choice } = await open(request, 'one');
      const options = {
        ...mergeChoices(choiceOf(request.query), choice),
        signal,
        isSingle: true,
        ...identityOf(request),
      };
      return named(toAnswer(await read(items[0], options), started), request.id);
    },
  );

  const getSchema = { summary: 'Read the image at an address', tags: ['reading'], querystring: imageUrlQuerySchema };
  routes.get(
    '/v1/predict',
    { ...hooks, bodyLimit: oneLimit, schema: { ...getSchema, response: responses(predictionSchema) } },
    async (request, reply) => {
      const started = performance.now();
      const { image_url: address, ...query } = request.query;
      const choice = choiceOf(query);
      const signal = clientSignal(reply);
      const onBytes = (bytes: number): void => budget.add(request, bytes);
      const image = await fetchAllowed(address, settings, { signal, onBytes });
      const body: EncodedBody = { kind: 'files', files: [[ownMemory(image)]] };
      const { items } = await openFor(body, 'one');
      return named(
        toAnswer(await read(items[0], { ...choice, signal, isSingle: true, ...identityOf(request) }), started),
        request.id,
      );
    },
  );

  const batchOf = {
    summary: 'Read several images',
    description: `With Accept: ${LINES_TYPE}, each reading is a line of JSON with the index of its image, sent as soon as it is there.`,
    tags: ['reading'],
    querystring: predictQuerySchema,
  };
  routes.post(
    '/v1/predict/batch',
    { ...hooks, bodyLimit: batchLimit, schema: { ...batchOf, response: responses(batchSchema) } },
    async (request, reply) => {
      const started = performance.now();
      const signal = clientSignal(reply);
      const { items, choice } = await open(request, maxBatchImages);
      const options = { ...mergeChoices(choiceOf(request.query), choice), signal, ...identityOf(request) };
      if (wantsLines(request.headers.accept)) {
        checkChoice(service.models, options);
        const lines = batchLines(
          items.map((item) => read(item, options)),
          started,
        );
        // A stream is sent as it is; the schema describes the answer as a whole.
        return reply.type(LINES_TYPE).send(lines as never);
      }
      const results = await Promise.allSettled(items.map((item) => read(item, options)));
      return { predictions: results.map((result) => toItem(result, started)) };
    },
  );

  documentRoutes(app, service, {
    bodyLimit: batchLimit,
    hooks,
    open: (request) => open(request, 'one', 2 * maxBytes),
    identityOf,
  });
}

/** The budget of all bodies; throws INVALID_ARGUMENT for one in which the largest request would never have room. */
function bodyBudget(maxBodyBytes: number, largest: number): BodyBudget {
  if (maxBodyBytes >= largest) return new BodyBudget(maxBodyBytes, largest);
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `Bodies may hold ${formatBytes(maxBodyBytes)} together, but one batch has up to ${formatBytes(largest)}: allow at least that.`,
  );
}

const faultsOfRequest: ReadonlySet<ProblemCode> = new Set([
  'MODEL_NOT_FOUND',
  'UNSUPPORTED_DECODER',
  'INVALID_REQUEST',
]);

function toItem(
  result: PromiseSettledResult<TimedReading>,
  started: number,
): ReturnType<typeof toAnswer> | { error: ProblemDetails } {
  if (result.status === 'fulfilled') return toAnswer(result.value, started);
  const problem = toProblem(result.reason);
  // An image at fault is answered in its place; a request or a service at fault, for all of them.
  if (problem.status >= 499 || faultsOfRequest.has(problem.code)) throw problem;
  return { error: problem.details() };
}

async function fetchAllowed(
  address: string,
  { imageUrl, maxBytes }: ServerSettings,
  options: Pick<FetchImageOptions, 'signal' | 'onBytes'>,
): Promise<Uint8Array> {
  if (imageUrl === false) {
    throw new ProblemError(
      'IMAGE_URL_OFF',
      'This service does not fetch images; send the image itself with POST. Its operator can allow it with --image-url.',
    );
  }
  return await fetchImage(address, { maxBytes, ...(imageUrl === true ? {} : imageUrl), ...options });
}
