import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { clientSignal } from '../client-signal.ts';
import { fetchImage } from '../fetch-image.ts';
import type { Prediction, PredictionService } from '../prediction-service.ts';
import { ProblemError, toProblem, type ProblemDetails } from '../problem.ts';
import { readImage, readImages } from '../read-images.ts';
import { batchSchema, imageUrlQuerySchema, predictionSchema, predictQuerySchema, responses } from '../schemas.ts';
import type { ServerSettings } from '../server-options.ts';

/** Base64 makes four characters of three bytes; the rest is room for JSON, or for the parts of a form. */
const bodyLimit = (images: number, maxBytes: number): number => Math.ceil((images * maxBytes * 4) / 3) + 16_384;

/** `POST /v1/predict`, `GET /v1/predict?image_url=` and `POST /v1/predict/batch`. */
export function predictRoutes(app: FastifyInstance, service: PredictionService, settings: ServerSettings): void {
  const { maxBytes, maxBatchImages } = settings;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  // A busy service says so before a body is sent, not after.
  const onRequest = async (): Promise<void> => service.checkRoom(1);

  const postSchema = { summary: 'Read one image', tags: ['reading'], querystring: predictQuerySchema };
  routes.post(
    '/v1/predict',
    { onRequest, bodyLimit: bodyLimit(1, maxBytes), schema: { ...postSchema, response: responses(predictionSchema) } },
    async (request, reply) => {
      const started = performance.now();
      const image = await readImage(request, maxBytes);
      const { model } = request.query;
      return toAnswer(await service.predict(image, { model, signal: clientSignal(reply) }), started);
    },
  );

  const getSchema = { summary: 'Read the image at an address', tags: ['reading'], querystring: imageUrlQuerySchema };
  routes.get(
    '/v1/predict',
    { onRequest, schema: { ...getSchema, response: responses(predictionSchema) } },
    async (request, reply) => {
      const started = performance.now();
      const signal = clientSignal(reply);
      const image = await fetchAllowed(request.query.image_url, settings, signal);
      return toAnswer(await service.predict(image, { model: request.query.model, signal }), started);
    },
  );

  const batchOf = { summary: 'Read several images', tags: ['reading'], querystring: predictQuerySchema };
  routes.post(
    '/v1/predict/batch',
    { onRequest, bodyLimit: bodyLimit(2, maxBytes), schema: { ...batchOf, response: responses(batchSchema) } },
    async (request, reply) => {
      const started = performance.now();
      const images = await readImages(request, { maxBytes, maxImages: maxBatchImages });
      service.checkRoom(images.length);
      const signal = clientSignal(reply);
      const { model } = request.query;
      const results = await Promise.allSettled(images.map((image) => service.predict(image, { model, signal })));
      return { predictions: results.map((result) => toItem(result, started)) };
    },
  );
}

/** The contract of the FSDL Text Recognizer, `pred` and `conf`, and what else is known. */
export function toAnswer({ model, reading, timing }: Prediction, started: number) {
  return {
    pred: reading.text,
    conf: reading.confidence,
    model: model.name,
    characters: reading.characters.map((character) => ({ ...character, alternatives: [...character.alternatives] })),
    words: [...reading.words],
    alternatives: [...reading.alternatives],
    timing: {
      queue: tenths(timing.queueMs),
      decode: tenths(timing.decodeMs),
      compute: tenths(timing.computeMs),
      total: tenths(performance.now() - started),
      batch: timing.batchSize,
    },
  };
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

function toItem(
  result: PromiseSettledResult<Prediction>,
  started: number,
): ReturnType<typeof toAnswer> | { error: ProblemDetails } {
  if (result.status === 'fulfilled') return toAnswer(result.value, started);
  const problem = toProblem(result.reason);
  // An image at fault is answered in its place; a service at fault answers for the whole request.
  if (problem.status >= 499 || problem.code === 'MODEL_NOT_FOUND') throw problem;
  return { error: problem.details() };
}

async function fetchAllowed(
  address: string,
  { imageUrl, maxBytes }: ServerSettings,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (imageUrl === false) {
    throw new ProblemError(
      'IMAGE_URL_OFF',
      'This service does not fetch images; send the image itself with POST, or start it with --image-url.',
    );
  }
  return await fetchImage(address, { maxBytes, ...(imageUrl === true ? {} : imageUrl), signal });
}
