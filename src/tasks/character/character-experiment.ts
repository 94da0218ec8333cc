import { z } from 'zod';
import { checkNotes, experimentSchema } from '../experiment-schema.ts';

const amount = z.number().min(0).optional();
const augmentSchema = z.strictObject({
  rotation: amount,
  shear: amount,
  scale: amount,
  shift: amount,
  elastic: amount,
  thickness: amount,
  brightness: amount,
  noise: amount,
});

const data = {
  /** Names of data sets or prefixes of idx pairs; the first decides how frequent classes are. */
  train: z.array(z.string()).min(1),
  /** Share of the first data set that is kept aside to choose and calibrate by. */
  validationShare: z.number().gt(0).lt(1).default(0.05),
  /** Draws classes as often as they are in the first data set, whatever the others hold. */
  matchClassFrequencies: z.boolean().default(true),
};

const training = {
  batchSize: z.int().positive().default(256),
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /** Random changes to the images; see `augmentCharacter`. */
  augment: augmentSchema.or(z.boolean()).default(false),
};

/** An experiment with a character model: what `train` takes as a file. */
export const characterExperimentSchema = experimentSchema('character', data, training).superRefine(
  ({ data: { notes, train } }, context) => checkNotes(notes, train, context),
);

export type CharacterExperiment = z.output<typeof characterExperimentSchema>;
