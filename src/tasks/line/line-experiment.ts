import { z } from 'zod';
import { checkNotes, experimentSchema } from '../experiment-schema.ts';

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

const data = {
  train: z.array(trainSetSchema).min(1),
  /** Sets to choose and calibrate by, beside what the training sets keep aside. */
  validation: z.array(z.string()).default([]),
  /** Most lines of each set that error rates are measured on after an epoch. */
  validationLines: z.int().positive().default(250),
  /**
   * The characters that the model can read, in order, or how often one must occur in the training texts to be among them. Default
   * `lineAlphabet`, of English and French.
   */
  alphabet: z
    .string()
    .min(1)
    .or(z.strictObject({ minCount: z.int().positive().default(1) }))
    .optional(),
  /** The language model that is tuned on the validation lines. */
  languageModel: z.string().optional(),
};

const training = {
  stepsPerEpoch: z.int().positive(),
  /** See `LineBatchShape`. */
  batch: z.strictObject({
    maxLines: z.int().positive(),
    maxColumns: z.int().positive(),
    widthStep: z.int().positive(),
    maxWidth: z.int().positive(),
    stride: z.int().positive().default(8),
  }),
  /** Random changes to the lines; see `augmentLine`. */
  augment: augmentSchema.or(z.boolean()).default(false),
  /** Lines are made wider or narrower by a factor from this range. */
  stretch: range.default([1, 1]),
};

/** An experiment with a line model: what `train` takes as a file. */
export const lineExperimentSchema = experimentSchema('line', data, training).superRefine(
  ({ data: { notes, train, validation } }, context) => {
    checkNotes(
      notes,
      train.map(({ lines }) => lines),
      context,
    );
    if (validation.length > 0 || train.some(({ validationShare }) => validationShare > 0)) return;
    const message =
      'There is nothing to choose the best epoch by: name a set as data.validation, or give a training set a validationShare';
    context.addIssue({ code: 'custom', path: ['data', 'validation'], message });
  },
);

export type LineExperiment = z.output<typeof lineExperimentSchema>;
