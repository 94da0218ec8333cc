import { z } from 'zod';

const json = z.json();
/** A field of the base experiment, e.g. `training.schedule.learningRate`. */
const fieldPath = z.string().regex(/^[^.]+(\.[^.]+)*$/, 'names of fields with dots between them');

/** More would fill the memory before the first run begins. */
const maxRuns = 10_000;
const product = (fields: Readonly<Record<string, readonly unknown[]>>) =>
  Object.values(fields).reduce((runs, values) => runs * values.length, 1);

const ordered = ({ low, high }: { low: number; high: number }) => low <= high;
const order = 'low must not be above high';

/** What a field is drawn from. */
const distributionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform'), low: z.number(), high: z.number() }).refine(ordered, order),
  z
    .strictObject({ kind: z.literal('log-uniform'), low: z.number().positive(), high: z.number().positive() })
    .refine(ordered, order),
  /** Whole numbers, both ends included. */
  z.strictObject({ kind: z.literal('int'), low: z.int(), high: z.int() }).refine(ordered, order),
  z.strictObject({ kind: z.literal('choice'), values: z.array(json).min(1) }),
]);

const searchSchema = z.discriminatedUnion('kind', [
  /** Each run says what it changes. */
  z.strictObject({ kind: z.literal('list'), runs: z.array(z.record(fieldPath, json)).min(1) }),
  /** Every combination. */
  z.strictObject({
    kind: z.literal('grid'),
    fields: z
      .record(fieldPath, z.array(json).min(1))
      .refine((fields) => product(fields) <= maxRuns, `a group has at most ${maxRuns} runs`),
  }),
  z.strictObject({
    kind: z.literal('random'),
    count: z.int().positive().max(maxRuns),
    seed: z.int().min(0).default(42),
    fields: z.record(fieldPath, distributionSchema),
  }),
]);

/**
 * Asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning"): all runs are trained for
 * `grace` epochs, the best of every `reduction` go on for `reduction` times as many, and so on.
 */
const halvingSchema = z.strictObject({
  reduction: z.int().min(2).default(4),
  grace: z.int().positive().default(1),
  /** Goes on with a run as soon as it is among the best so far; otherwise when all are there, which is the same every time. */
  asynchronous: z.boolean().default(true),
});

/**
 * Population-based training (Jaderberg et al. 2017, https://arxiv.org/abs/1711.09846): after every `interval` epochs the worst `share` of
 * the runs go on from the state of the best `share`, with settings near to theirs.
 */
const populationSchema = z.strictObject({
  interval: z.int().positive(),
  share: z.number().positive().max(0.5).default(0.25),
  seed: z.int().min(0).default(42),
});

/** A file with a group of experiments. */
export const groupSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes'),
  description: z.string().default(''),
  /** The file of an experiment, relative to this one, or an experiment. */
  base: z.string().or(z.record(z.string(), json)),
  search: searchSchema,
  halving: halvingSchema.optional(),
  population: populationSchema.optional(),
  /** What runs are compared by, of the figures after each epoch. Default what the best epoch is chosen by. */
  metric: z.strictObject({ metric: z.string(), mode: z.enum(['min', 'max']) }).optional(),
});

export type Distribution = z.output<typeof distributionSchema>;
export type Search = z.output<typeof searchSchema>;
export type PopulationSettings = z.output<typeof populationSchema>;
export type Halving = z.output<typeof halvingSchema>;
