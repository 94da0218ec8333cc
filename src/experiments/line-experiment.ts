import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { optimizerConfig } from '../training/optimizers.ts';
import { scheduleSchema } from '../training/schedules.ts';

const probability = z.number().min(0).max(1).optional();
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, 'from the lower to the higher');
const augmentSchema = z.strictObject({
  probability,
  paper: probability,
  rotation: range.optional(),
  shear: range.optional(),
  scale: range.optional(),
  elastic: range.optional(),
  thickness: range.optional(),
  brightness: range.optional(),
  contrast: range.optional(),
  gamma: range.optional(),
  noise: range.optional(),
  bleed: range.optional(),
  clouds: range.optional(),
});

const trainSetSchema = z.strictObject({
  /** A name that `openLines` knows, or a line pack: its prefix, or its name in the folder `lines` of the data root. */
  lines: z.string(),
  /** Share of the lines of a batch, relative to the other sets' weights. */
  weight: z.number().positive(),
  /** Whether lines are cut down to their writing, as the stem does with photographs. */
  fitted: z.boolean().default(false),
  /** Share of its pages that is kept aside to choose and calibrate by. */
  validationShare: z.number().min(0).lt(1).default(0),
});

/** An experiment with a line model: what `train` takes as a file. */
export const lineExperimentSchema = z.strictObject({
  kind: z.literal('line'),
  /** The name of the model that comes out. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes'),
  description: z.string().default(''),
  /** Whether the model is a step of the course, which a service does not offer unless it is named. */
  course: z.boolean().default(false),
  network: z.strictObject({ name: z.string(), config: z.record(z.string(), z.json()).default({}) }),
  data: z.strictObject({
    train: z.array(trainSetSchema).min(1),
    /** Sets to choose and calibrate by, beside what the training sets keep aside. */
    validation: z.array(z.string()).default([]),
    /** Most lines of each set that error rates are measured on after an epoch. */
    validationLines: z.int().positive().default(250),
    /** The language model that is tuned on the validation lines. */
    languageModel: z.string().optional(),
  }),
  training: z.strictObject({
    epochs: z.int().positive(),
    stepsPerEpoch: z.int().positive(),
    /** See `LineBatchShape`. */
    batch: z.strictObject({
      maxLines: z.int().positive(),
      maxColumns: z.int().positive(),
      widthStep: z.int().positive(),
      maxWidth: z.int().positive(),
      stride: z.int().positive().default(8),
    }),
    optimizer: optimizerConfig,
    schedule: scheduleSchema,
    averagingDecay: z.number().min(0).lt(1).optional(),
    clipNorm: z.number().positive().optional(),
    /** Random changes to the lines; see `augmentLine`. */
    augment: augmentSchema.or(z.boolean()).default(false),
    /** Lines are made wider or narrower by a factor from this range. */
    stretch: range.default([1, 1]),
    seed: z.int().min(0).default(42),
  }),
});

export type LineExperiment = z.output<typeof lineExperimentSchema>;

/** Checks an experiment with lines; throws INVALID_ARGUMENT with every fault. */
export function parseLineExperiment(json: unknown, source: string): LineExperiment {
  const result = lineExperimentSchema.safeParse(json);
  if (!result.success) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `${source} is no experiment with lines:\n${z.prettifyError(result.error)}\nSee experiments/ for examples.`,
    );
  }
  const { train, validation } = result.data.data;
  if (validation.length > 0 || train.some(({ validationShare }) => validationShare > 0)) return result.data;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${source} has nothing to choose the best epoch by: name a set as data.validation, or give a training set a validationShare.`,
  );
}
