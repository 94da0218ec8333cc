import { z } from 'zod';
import type { JsonValue } from '../../training/callback.ts';
import type { GroupDraft, RunDraft } from './group-draft.ts';
import { formatPath, type JsonPath, type JsonSource } from './json-source.ts';
import type { Settings } from './name-runs.ts';
import { parseGroupFile } from './parse-group-file.ts';

/** The course's names of data sets; others are this project's own. */
const datasets: Readonly<Record<string, string>> = {
  EmnistDataset: 'emnist-byclass',
  EmnistLinesDataset: 'emnist-lines',
  IamLinesDataset: 'iam-lwitlrt',
};

const models: Readonly<Record<string, 'character' | 'line'>> = {
  CharacterModel: 'character',
  LineModel: 'line',
  LineModelCtc: 'line',
};

/** The course's names of networks' options, where this project's differ. */
const networkOptions: Readonly<Record<string, string>> = {
  dropout_amount: 'dropout',
  window_width: 'window',
  window_stride: 'stride',
};

const args = z.record(z.string(), z.json()).default({});

const experimentSchema = z.strictObject({
  dataset: z.string(),
  dataset_args: z.strictObject({}, 'Data sets take no arguments here: name the set that has them').default({}),
  model: z.enum(Object.keys(models)),
  network: z.string(),
  network_args: args,
  train_args: z
    .strictObject({ batch_size: z.int().positive().default(64), epochs: z.int().positive().default(16) })
    .prefault({}),
});

/** The form of the course's `training/experiments/sample.json`. */
const referenceSchema = z.strictObject({
  experiment_group: z.string().regex(/[A-Za-z0-9]/, 'a name'),
  experiments: z.array(experimentSchema).min(1),
});

type ReferenceExperiment = z.output<typeof experimentSchema>;

/** The runs of a file in the form of the course. */
export function referenceGroup(source: JsonSource): GroupDraft {
  const { experiment_group: name, experiments } = parseGroupFile(source, referenceSchema);
  const runs = experiments.map((experiment, i) => draftRun(source, experiment, i));
  return { name: slug(name), description: name, runs };
}

function draftRun(source: JsonSource, experiment: ReferenceExperiment, index: number): RunDraft {
  return {
    settings: settingsOf(experiment),
    experiment: models[experiment.model] === 'character' ? characterExperiment(experiment) : lineExperiment(experiment),
    locate(path) {
      const place = ['experiments', index, ...placeOf(path)];
      return `${source.file}:${source.lineOf(place)}: ${formatPath(place)}`;
    },
  };
}

function settingsOf({ dataset, model, network, network_args, train_args }: ReferenceExperiment): Settings {
  const nested = Object.entries({ ...network_args, ...train_args });
  return { dataset, model, network, ...Object.fromEntries(nested) };
}

/** The optimiser is the course's. */
function common({ network, network_args, train_args }: ReferenceExperiment) {
  const name = slug(network);
  return {
    name,
    course: true,
    network: { name, config: networkConfig(network_args) },
    training: {
      epochs: train_args.epochs,
      optimizer: { kind: 'rmsprop' },
      schedule: { kind: 'constant', learningRate: 0.001 },
    },
  };
}

function characterExperiment(experiment: ReferenceExperiment): JsonValue {
  const { training, ...rest } = common(experiment);
  const batchSize = experiment.train_args.batch_size;
  return {
    kind: 'character',
    ...rest,
    data: { train: [setOf(experiment.dataset, 'train')] },
    training: { ...training, batchSize },
  };
}

/** Lines of 952 pixels, as the course's have; an epoch is as many as its data set has. */
function lineExperiment(experiment: ReferenceExperiment): JsonValue {
  const { training, ...rest } = common(experiment);
  const maxLines = experiment.train_args.batch_size;
  return {
    kind: 'line',
    ...rest,
    data: {
      train: [{ lines: setOf(experiment.dataset, 'train'), weight: 1 }],
      validation: [setOf(experiment.dataset, 'val')],
    },
    training: {
      ...training,
      stepsPerEpoch: Math.ceil(10_000 / maxLines),
      batch: { maxLines, maxColumns: 952 * maxLines, widthStep: 56, maxWidth: 952 },
    },
  };
}

function networkConfig(args: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  const { layer_size = 128, num_layers = 3, ...others } = args;
  const config = Object.fromEntries(Object.entries(others).map(([key, value]) => [networkOptions[key] ?? key, value]));
  const isDense = 'layer_size' in args || 'num_layers' in args;
  return isDense ? { hidden: Array.from({ length: Number(num_layers) }, () => layer_size), ...config } : config;
}

function setOf(dataset: string, part: 'train' | 'val'): string {
  return Object.hasOwn(datasets, dataset) ? `${datasets[dataset]}-${part}` : dataset;
}

/** Where the course's form has what is at `path` of an experiment. */
function placeOf([first, second]: JsonPath): JsonPath {
  if (first === 'network') return [second === 'name' ? 'network' : 'network_args'];
  if (first === 'data') return ['dataset'];
  return first === 'training' ? ['train_args'] : [];
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}
