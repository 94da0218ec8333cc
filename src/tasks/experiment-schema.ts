import { basename } from 'node:path';
import { z } from 'zod';
import { optimizerConfig } from '../training/optimizers.ts';
import { scheduleSchema } from '../training/schedules.ts';

const networkSchema = z.strictObject({ name: z.string(), config: z.record(z.string(), z.json()).default({}) });

/** Networks that have learned and teach this one; see `teachersSay`. */
const teachingSchema = z.strictObject({
  teachers: z
    .array(
      z.strictObject({
        network: networkSchema,
        /** A .safetensors file. */
        weights: z.string(),
      }),
    )
    .min(1),
  /** Their share in what is to be learned; the label has the rest. */
  weight: z.number().gt(0).max(1),
});

/** What every training says. */
const training = {
  /** 0 trains nothing: the weights that it begins with are calibrated, evaluated and saved. */
  epochs: z.int().min(0),
  optimizer: optimizerConfig,
  schedule: scheduleSchema,
  teaching: teachingSchema.optional(),
  averagingDecay: z.number().min(0).lt(1).optional(),
  clipNorm: z.number().positive().optional(),
  earlyStopping: z.strictObject({ patience: z.int().positive(), minDelta: z.number().min(0).default(0) }).optional(),
  seed: z.int().min(0).default(42),
};

/** What every experiment says of its data. */
const data = {
  /** What the model card should say of a data set, by its name. */
  notes: z.record(z.string(), z.string()).default({}),
};

/** The schema of a task's experiments: what all have in common, and what `dataOfTask` and `trainingOfTask` add. */
export function experimentSchema<Kind extends string, Data extends z.ZodRawShape, Training extends z.ZodRawShape>(
  kind: Kind,
  dataOfTask: Data,
  trainingOfTask: Training,
) {
  return z.strictObject({
    kind: z.literal(kind),
    /** The name of the model that comes out. */
    name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes'),
    description: z.string().default(''),
    /** Whether the model is a step of the course, which a service does not offer unless it is named. */
    course: z.boolean().default(false),
    network: networkSchema,
    data: z.strictObject({ ...data, ...dataOfTask }),
    training: z.strictObject({ ...training, ...trainingOfTask }),
  });
}

/** What `runExperiment` knows of an experiment. */
export type Experiment = z.output<ReturnType<typeof experimentSchema<string, Nothing, Nothing>>>;

type Nothing = Readonly<Record<never, never>>;

/** Adds a fault for each note on a data set that is not trained on. */
export function checkNotes(
  notes: Readonly<Record<string, string>>,
  sets: readonly string[],
  context: z.RefinementCtx,
): void {
  const names = new Set(sets.map((name) => basename(name)));
  for (const name of Object.keys(notes)) {
    if (names.has(name)) continue;
    const message = `There is a note on '${name}', which is not one of the data sets (${[...names].join(', ')})`;
    context.addIssue({ code: 'custom', path: ['data', 'notes'], message });
  }
}

/** The settings of random changes: `true` stands for the defaults; an object changes some of them. */
export function augmentation<Options extends object>(
  augment: boolean | Partial<Options>,
  defaults: Options,
): Options | undefined {
  if (augment === false) return undefined;
  return augment === true ? defaults : { ...defaults, ...augment };
}
