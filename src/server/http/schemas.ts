import { z } from 'zod';
import { readingKinds } from '../../reading/reading.ts';
import { lineDecoders } from '../../text/decode-line.ts';
import { problems, type ProblemCode } from './problem.ts';
import { requestParameters } from './request-parameters.ts';

const confidence = z.number().min(0).max(1).describe('Probability that the text is right');
const extent = {
  start: z.number().optional().describe('Left edge, as a share of the width of the image'),
  end: z.number().optional().describe('Right edge, as a share of the width of the image'),
};

const otherReading = z.object({ text: z.string(), confidence }).meta({ id: 'OtherReading' });

const point = z.tuple([z.number(), z.number()]);
/** What every part of the tree has. */
const part = {
  text: z.string(),
  confidence,
  alternatives: z.array(otherReading).describe('What else it may be, best first'),
  polygon: z.array(point).describe('Its corners, in pixels of the upright image, from the upper left one clockwise'),
};
const characterSchema = z.object(part).meta({ id: 'Character' });
const wordSchema = z.object({ ...part, characters: z.array(characterSchema) }).meta({ id: 'Word' });
const lineSchema = z
  .object({
    ...part,
    baseline: z.array(point).describe('What the letters stand on, from left to right, in pixels'),
    words: z.array(wordSchema),
    cut: z.literal(true).optional().describe('The rim of the image cuts its writing, so that the text may be wrong'),
  })
  .meta({ id: 'Line' });

export const predictionSchema = z
  .object({
    pred: z.string().describe('The text that was read'),
    conf: confidence,
    model: z.string().describe('The name of the model that read it'),
    licence: z.string().describe('The terms of that model'),
    kind: z.enum(readingKinds).describe('What the image holds'),
    characters: z.array(z.object({ ...part, ...extent })).describe('All in a row, the spaces between words included'),
    words: z.array(z.object({ text: z.string(), confidence, ...extent })),
    alternatives: z.array(otherReading).describe('The next most probable texts, best first'),
    lines: z.array(lineSchema),
    width: z.int().describe('Of the image, upright, in pixels'),
    height: z.int(),
    resolution: z.number().optional().describe('Pixels on an inch of the sheet, of pages of a PDF'),
    page: z.int().optional().describe('Which page or frame was read, where the file has several: the first'),
    pages: z.int().optional().describe('How many the file has'),
    timing: z
      .object({
        queue: z.number(),
        decode: z.number(),
        compute: z.number(),
        total: z.number(),
        batch: z.int().describe('How many images were read together'),
      })
      .describe('Milliseconds'),
    request_id: z.string().optional().describe('By which POST /v1/feedback corrects it, where corrections are taken'),
  })
  .meta({ id: 'Prediction' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().describe('What was wrong, and how to fix it'),
    request_id: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details for HTTP APIs (RFC 9457)' });

export const batchSchema = z
  .object({ predictions: z.array(z.union([predictionSchema, z.object({ error: problemSchema })])) })
  .meta({ id: 'BatchPrediction', description: 'In the order of the images; one that cannot be read has an error' });

const pageNumber = { page: z.int().describe('From 1'), pages: z.int().describe('How many the document has') };
export const documentPageSchema = z
  .union([predictionSchema.extend(pageNumber), z.object({ ...pageNumber, error: problemSchema })])
  .meta({ id: 'DocumentPage', description: 'A page of a document; one that cannot be read has an error' });

export const modelsSchema = z
  .object({
    default: z.string(),
    models: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['character', 'line']).describe('What it reads in an image'),
        description: z.string(),
        classes: z.array(z.string()),
        decoders: z.array(z.enum(lineDecoders)).describe('What ?decoder= may be, the default first'),
        parameters: z.int(),
        bytes: z.int(),
        sha256: z.string(),
        licence: z.string(),
        metrics: z.record(z.string(), z.record(z.string(), z.number())),
      }),
    ),
  })
  .meta({ id: 'Models' });

const { model, decoder, characters, pattern, words, likelyWords } = requestParameters;
const text = ({ help, maxLength }: { help: string; maxLength: number }) =>
  z.string().max(maxLength).optional().describe(help);
const list = ({ help, maxLength }: { help: string; maxLength: number }) =>
  z
    .union([z.string().max(maxLength), z.array(z.string())])
    .optional()
    .describe(help);

export const predictQuerySchema = z.object({
  model: text(model),
  decoder: z.enum(decoder.choices).optional().describe(decoder.help),
  characters: text(characters),
  pattern: text(pattern),
  words: list(words),
  likelyWords: list(likelyWords),
});

export const imageUrlQuerySchema = predictQuerySchema.extend({
  image_url: z
    .string()
    .min(1)
    .max(2048)
    .describe('the http or https address of an image, in place of the image; off unless the operator allows it'),
});

export const documentQuerySchema = predictQuerySchema.extend({
  from: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('the first page to read, 1 by default; after a lost connection, the one after the last that came'),
});

const problemStatuses = [...new Set(Object.values(problems).map(({ status }) => status))];

/** The answers of a route: `schema` with 200, problem details with every other status. */
export function responses<Schema extends z.ZodType>(schema: Schema) {
  const failures = problemStatuses.filter((status) => status !== 499);
  const problem = {
    description: 'Problem details',
    content: { 'application/problem+json': { schema: problemSchema } },
  };
  return { 200: schema, ...Object.fromEntries(failures.map((status) => [status, problem])) } as { 200: Schema };
}
