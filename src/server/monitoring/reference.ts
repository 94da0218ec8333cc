import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { jsonDigest } from '../../files/json-digest.ts';
import { confidenceAlone, errorInputs, expectedEdits, type ErrorModel } from './error-model.ts';
import { EMBEDDING_SIZE } from './embed-scores.ts';
import { Sketch, type SketchScale } from './sketch.ts';
import { BINS } from './signals.ts';
import { randomFeatures } from './statistics/random-features.ts';

const share = z.number().nonnegative();
const count = z.number().int().nonnegative();
const binned = z
  .record(z.string().regex(/^\d+$/), count)
  .refine((bins) => Object.keys(bins).every((bin) => Number(bin) < BINS));

export const sketchSchema = z.object({
  count,
  signals: z.record(z.string(), binned),
  characters: z.record(z.string(), count),
  embedded: count,
  features: z.array(z.number()),
  length: share,
  edits: share,
  variance: share,
});

const tail = z.object({ intercept: z.number(), slope: share });

const referenceSchema = z.object({
  format: z.literal(3),
  model: z.string().min(1),
  /** Of the model's weights: another model's readings are nothing to compare with. */
  modelSha256: z.string().regex(/^[\da-f]{64}$/),
  source: z.object({
    description: z.string(),
    requests: count,
    licence: z.string().optional(),
    /** What the expected errors were fitted to, besides. */
    errors: z.string().optional(),
  }),
  created: z.string(),
  embeddingScales: z.array(z.number().positive()).length(EMBEDDING_SIZE),
  errors: z
    .object({
      intercept: z.number(),
      weights: z.partialRecord(z.enum(errorInputs), z.number()),
      dispersion: share,
      deviation: share,
    })
    .optional(),
  sketch: sketchSchema,
  /** Requests between two comparisons, and the windows that are compared. */
  every: z.number().int().positive(),
  windows: z.array(z.number().int().positive()).min(1),
  /** Of each signal, for each window. */
  tails: z.record(z.string(), z.array(tail)),
  digest: z.string(),
});

/** A reference as it is in a file, `monitoring.json`. */
export type ReferenceData = z.infer<typeof referenceSchema>;

/** What a model's requests are compared with: distributions of requests that count as ordinary, and what differs by chance. */
export interface Reference extends Pick<
  ReferenceData,
  'model' | 'modelSha256' | 'source' | 'created' | 'every' | 'windows' | 'tails'
> {
  readonly sketch: Sketch;
  readonly scale: SketchScale;
  readonly errors: ErrorModel;
}

/** Features of an embedding; the more, the closer their kernel is to the Gaussian. */
const FEATURES = 64;
const SEED = 14;

/** How measurements become comparable with a reference. */
export function sketchScale(embeddingScales: readonly number[], errors: ErrorModel = confidenceAlone): SketchScale {
  // The bandwidth: distances of standardised points grow with the root of their dimension.
  const scales = embeddingScales.map((scale) => scale * Math.sqrt(EMBEDDING_SIZE));
  return {
    features: randomFeatures(scales, FEATURES, SEED),
    expectedEdits: (measurement) => expectedEdits(errors, measurement),
  };
}

/** The text of a reference's file. */
export async function formatReference(data: Omit<ReferenceData, 'digest' | 'format'>): Promise<string> {
  const whole = { format: 3 as const, ...data };
  return `${JSON.stringify({ ...whole, digest: await jsonDigest(whole) })}\n`;
}

/** Reads the text of a reference's file; throws FILE_CORRUPT or CHECKSUM_MISMATCH. */
export async function parseReference(text: string, source: string): Promise<Reference> {
  const data = referenceSchema.safeParse(jsonOf(text));
  if (!data.success) {
    throw new TextRecognizerError('FILE_CORRUPT', `${source} is no reference: ${z.prettifyError(data.error)}. ${CURE}`);
  }
  const digest = await jsonDigest(data.data);
  if (digest !== data.data.digest) {
    throw new TextRecognizerError('CHECKSUM_MISMATCH', `${source} was changed: its digest is ${digest}. ${CURE}`);
  }
  return referenceOf(data.data);
}

const CURE = 'Make it again with `text-recognizer monitor reference`.';

/** A reference ready to compare with. */
export function referenceOf(data: Omit<ReferenceData, 'digest' | 'format'>): Reference {
  const { errors = confidenceAlone, embeddingScales, sketch, ...rest } = data;
  return { ...rest, errors, sketch: Sketch.from(sketch), scale: sketchScale(embeddingScales, errors) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
