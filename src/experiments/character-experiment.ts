import { basename } from 'node:path';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { optimizerConfig } from '../training/optimizers.ts';
import { scheduleSchema } from '../training/schedules.ts';

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

const networkSchema = z.strictObject({ name: z.string(), config: z.record(z.string(), z.json()).default({}) });

const dataSchema = z
  .strictObject({
    /** Names of data sets or prefixes of idx pairs; the first decides how frequent classes are. */
    train: z.array(z.string()).min(1),
    /** Share of the first data set that is kept aside to choose and calibrate by. */
    validationShare: z.number().gt(0).lt(1).default(0.05),
    /** Draws classes as often as they are in the first data set, whatever the others hold. */
    matchClassFrequencies: z.boolean().default(true),
    /** What the model card should say of a data set, by its name. */
    notes: z.record(z.string(), z.string()).default({}),
  })
  .superRefine(({ train, notes }, context) => {
    const names = new Set(train.map((name) => basename(name)));
    for (const name of Object.keys(notes)) {
      if (names.has(name)) continue;
      const message = `There is a note on '${name}', which is not one of the data sets (${[...names].join(', ')})`;
      context.addIssue({ code: 'custom', path: ['notes'], message });
    }
  });

/** An experiment with a character model: what `train` takes as a file. */
export const characterExperimentSchema = z.strictObject({
  kind: z.literal('character').default('character'),
  /** The name of the model that comes out. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes'),
  description: z.string().default(''),
  /** Whether the model is a step of the course, which a service does not offer unless it is named. */
  course: z.boolean().default(false),
  network: networkSchema,
  data: dataSchema,
  training: z.strictObject({
    epochs: z.int().positive(),
    batchSize: z.int().positive().default(256),
    optimizer: optimizerConfig,
    schedule: scheduleSchema,
    labelSmoothing: z.number().min(0).lt(1).default(0),
    /** Networks that have learned and teach this one; see `taughtTargets`. */
    teaching: z
      .strictObject({
        teachers: z
          .array(
            z.strictObject({
              network: networkSchema,
              /** A .safetensors file. */
              weights: z.string(),
            }),
          )
          .min(1),
        weight: z.number().gt(0).max(1),
      })
      .optional(),
    averagingDecay: z.number().min(0).lt(1).optional(),
    clipNorm: z.number().positive().optional(),
    /** Random changes to the images; see `augmentCharacter`. */
    augment: augmentSchema.or(z.boolean()).default(false),
    earlyStopping: z.strictObject({ patience: z.int().positive(), minDelta: z.number().min(0).default(0) }).optional(),
    seed: z.int().min(0).default(42),
  }),
});

export type CharacterExperiment = z.output<typeof characterExperimentSchema>;

/** Checks an experiment with characters; throws INVALID_ARGUMENT with every fault. */
export function parseCharacterExperiment(text: string, source: string): CharacterExperiment {
  const result = characterExperimentSchema.safeParse(parseExperimentJson(text, source));
  if (result.success) return result.data;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${source} is no experiment:\n${z.prettifyError(result.error)}\nSee experiments/ for examples.`,
  );
}

/** The JSON of an experiment file; throws INVALID_ARGUMENT where it is none. */
export function parseExperimentJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `${source} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
