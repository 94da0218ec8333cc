import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { sha256 } from '../files/sha256.ts';
import type { Experiment } from '../tasks/experiment-schema.ts';
import { taskKinds, withTask, type TaskKind } from '../tasks/with-task.ts';

/** A file of weights. */
const weightsFileSchema = z.strictObject({
  /** A .safetensors file. */
  weights: z.string(),
  /** Refuses any other file. */
  sha256: sha256.optional(),
  /** Makes weights of another network of them: `lenet-to-windows` those of a line network of 28×28 windows. */
  convert: z.enum(['lenet-to-windows']).optional(),
});

const startSchema = {
  /** Weights to begin with: of files or of earlier stages, by name; of several, their mean. Default those of the stage before. */
  from: z.array(z.string().or(weightsFileSchema)).min(1).optional(),
  /** Weights whose names begin with one of these begin at random. */
  fresh: z.array(z.string()).min(1).optional(),
};

const changes = z.record(z.string(), z.json()).default({});

const stageSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  ...startSchema,
  /** What differs from the stage before; of the first, from what the file says. */
  network: z.strictObject({ name: z.string().optional(), config: changes }).optional(),
  data: changes,
  training: changes,
});

const fileSchema = z.looseObject({
  kind: z.enum(taskKinds).default('character'),
  ...startSchema,
  stages: z.array(stageSchema).min(1).optional(),
});

export type WeightsFile = z.output<typeof weightsFileSchema>;

/** One training of a recipe. */
export interface Stage {
  /** Undefined where the recipe has no other. */
  readonly name: string | undefined;
  readonly experiment: Experiment;
  /** Files, or names of earlier stages; undefined to begin at random. */
  readonly from: readonly (string | WeightsFile)[] | undefined;
  readonly fresh: readonly string[] | undefined;
}

/** How a model is made: one training after the other, each with the weights of those before it. */
export interface Recipe {
  readonly kind: TaskKind;
  readonly name: string;
  readonly stages: readonly Stage[];
}

/** Reads an experiment file; throws INVALID_ARGUMENT with every fault of the first stage that has some, a ZodError as its cause. */
export function parseRecipe(text: string, source: string): Recipe {
  const json = parseJson(text, source);
  const file = fileSchema.safeParse(json);
  if (!file.success) throw invalid(source, file.error);
  const { kind, from, fresh, stages: stagesOfFile, ...common } = file.data;
  if (stagesOfFile && (from || fresh)) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `${source} has stages: each has its own 'from' and 'fresh'.`);
  }
  const stages = stagesOfFile
    ? namedStages(kind, common, stagesOfFile, source)
    : [{ name: undefined, experiment: parseExperiment(kind, common, source), from, fresh }];
  requireEarlierStages(stages, source);
  return { kind, name: stages[0].experiment.name, stages };
}

function parseExperiment(kind: TaskKind, json: unknown, source: string): Experiment {
  const withKind = { ...(json as object), kind };
  const result = withTask(kind, (task) => task.schema.safeParse(withKind));
  if (result.success) return result.data;
  throw invalid(source, result.error);
}

/** The first begins with what the file says, every other with what the stage before it says. */
function namedStages(
  kind: TaskKind,
  common: Record<string, unknown>,
  stages: readonly z.output<typeof stageSchema>[],
  source: string,
): Stage[] {
  let json = common;
  return stages.map((stage, i) => {
    json = withChanges(json, stage);
    const experiment = parseExperiment(kind, json, `${source}, stage '${stage.name}'`);
    const from = stage.from ?? (i === 0 ? undefined : [stages[i - 1].name]);
    return { name: stage.name, experiment, from, fresh: stage.fresh };
  });
}

/** Networks' configurations, data and settings are overridden one by one. */
function withChanges(
  before: Record<string, unknown>,
  { network, data, training }: z.output<typeof stageSchema>,
): Record<string, unknown> {
  const base = commonSchema.parse(before);
  return {
    ...before,
    network: { name: network?.name ?? base.network.name, config: { ...base.network.config, ...network?.config } },
    data: { ...base.data, ...data },
    training: { ...base.training, ...training },
  };
}

const commonSchema = z.looseObject({
  network: z.looseObject({ name: z.unknown(), config: changes }).default({ name: undefined, config: {} }),
  data: changes,
  training: changes,
});

function requireEarlierStages(stages: readonly Stage[], source: string): void {
  const earlier = new Set<string>();
  for (const { name, from = [] } of stages) {
    const unknown = from.find((start) => typeof start === 'string' && !earlier.has(start));
    if (unknown !== undefined) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `${source} has no stage '${String(unknown)}' before stage '${name}'; there are ${[...earlier].join(', ') || 'none'}.`,
      );
    }
    if (name === undefined) continue;
    if (earlier.has(name)) {
      throw new TextRecognizerError('INVALID_ARGUMENT', `${source} has two stages '${name}'; name each once.`);
    }
    earlier.add(name);
  }
}

function invalid(source: string, error: z.ZodError): TextRecognizerError {
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${source} is not a valid experiment:\n${z.prettifyError(error)}\nSee experiments/ for examples.`,
    { cause: error },
  );
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `${source} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
