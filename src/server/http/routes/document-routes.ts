import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { openPictureFile, type PictureFile } from '../../../images/picture-file.ts';
import type { ReadingService, ServiceOptions } from '../../reading-service.ts';
import { clientSignal, onAnswerEnd } from '../answer-end.ts';
import { LINES_TYPE } from '../batch-lines.ts';
import { documentLines } from '../document-lines.ts';
import type { OpenedBody } from '../open-body.ts';
import { ProblemError } from '../problem.ts';
import { checkChoice, choiceOf, mergeChoices } from '../request-parameters.ts';
import { documentPageSchema, documentQuerySchema, responses } from '../schemas.ts';

interface DocumentRoutesOptions {
  readonly bodyLimit: number;
  readonly hooks: Pick<RouteShorthandOptions, 'onRequest'>;
  /** The file in the body of a request. */
  readonly open: (request: FastifyRequest) => Promise<OpenedBody>;
  readonly identityOf: (request: FastifyRequest) => Pick<ServiceOptions, 'requestId' | 'span'>;
}

/** Documents that are read at a time: each holds its file, and a thread that draws its pages. */
const MAX_DOCUMENTS = 2;
const MAX_PAGES = 2000;
/** Seconds that drawing a page may take. */
const MAX_SECONDS = 15;

/** `POST /v1/predict/document`: a file of several pages, which are answered one by one. */
export function documentRoutes(
  app: FastifyInstance,
  service: ReadingService,
  { bodyLimit, hooks, open, identityOf }: DocumentRoutesOptions,
): void {
  let documents = 0;
  const schema = {
    summary: 'Read the pages of a document',
    description:
      'A PDF or TIFF, or a picture. The answer has a line of JSON for each page, sent as soon as it is read; one that cannot be read has an error. ' +
      'Whoever loses the connection asks again with the page that comes next.',
    tags: ['reading'],
    querystring: documentQuerySchema,
    response: { ...responses(documentPageSchema), 200: lines },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/v1/predict/document', { ...hooks, bodyLimit, schema }, async (request, reply) => {
      requirePlace(documents);
      documents++;
      onAnswerEnd(reply, () => documents--);
      const signal = clientSignal(reply);
      const { items, choice } = await open(request);
      const [item] = items;
      if ('problem' in item) throw new ProblemError(item.problem.code, item.problem.message);
      const { from = 1, ...query } = request.query;
      const options = { ...mergeChoices(choiceOf(query), choice), signal, ...identityOf(request) };
      checkChoice(service.models, options);
      const file = await openPictureFile(item.bytes, { maxPages: MAX_PAGES, maxSeconds: MAX_SECONDS });
      await requirePage(file, from);
      const giveUp = (): void => void reply.raw.destroy();
      const stream = Readable.from(documentLines(file, { service, options, from, giveUp }), { objectMode: false });
      // A stream is sent as it is; the schema describes one of its lines.
      return reply.type(LINES_TYPE).send(stream as never);
    });
}

const lines = { description: 'A line for each page', content: { [LINES_TYPE]: { schema: documentPageSchema } } };

function requirePlace(documents: number): void {
  if (documents < MAX_DOCUMENTS) return;
  throw new ProblemError('OVERLOADED', `${documents} documents are read already; try again later.`, { retryAfter: 10 });
}

async function requirePage(file: PictureFile, from: number): Promise<void> {
  if (from <= file.pages) return;
  await file.close();
  throw new ProblemError('INVALID_REQUEST', `The document has no page ${from}; it has ${file.pages}.`);
}
