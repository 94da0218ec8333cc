import { join } from 'node:path';
import { concat } from '../datasets/concat.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { classFrequencyWeights } from '../datasets/item-weights.ts';
import { openDataset } from '../datasets/registry.ts';
import { splitDataset } from '../datasets/split.ts';
import { makeFolder } from '../files/explain-write.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import { defaultCharacterAugmentation, type AugmentCharacterOptions } from '../images/augment-character.ts';
import { CharacterModel } from '../models/character-model.ts';
import { confusionRows, type CharacterEvaluation } from '../models/evaluate-characters.ts';
import { saveCharacterModel } from '../models/save-character-model.ts';
import type { Teaching } from '../models/teaching.ts';
import { createNetwork } from '../networks/create-network.ts';
import { confusionMatrixSvg } from '../report/confusion-matrix-svg.ts';
import type { SessionOptions } from '../runtime/session.ts';
import type { Callback } from '../training/callback.ts';
import { EarlyStopping } from '../training/callbacks/early-stopping.ts';
import { KeepBest } from '../training/callbacks/keep-best.ts';
import type { TrainingOutcome } from '../training/trainer.ts';
import type { CharacterExperiment } from './character-experiment.ts';
import { readWeights } from './read-weights.ts';
import { recordExperiment, standardCallbacks } from './standard-callbacks.ts';

export interface ExperimentRunOptions extends SessionOptions {
  /** The folder of the run; one that was interrupted goes on. */
  readonly folder: string;
  /** Where data sets are kept. */
  readonly dataRoot: string;
  /** A .safetensors file with weights to begin with; else they are random. */
  readonly initialWeights?: string;
  /** Beginnings of the names of weights that stay random all the same. */
  readonly freshWeights?: readonly string[];
  /** Data sets to report on, beside the validation part. */
  readonly test?: readonly string[];
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal;
  readonly onNotice?: (message: string) => void;
  readonly loaderThreads?: number;
  /** Seconds between checkpoints; default 120. */
  readonly checkpointSeconds?: number;
}

export interface ExperimentResult {
  readonly outcome: TrainingOutcome;
  /** By data set; empty when the run was interrupted. */
  readonly evaluations: Readonly<Record<string, CharacterEvaluation>>;
  /** The folder with model.onnx, model.json and the card. */
  readonly modelFolder: string | undefined;
}

/** Trains, calibrates, evaluates and saves a character model as an experiment says. */
export async function runCharacterExperiment(
  experiment: CharacterExperiment,
  options: ExperimentRunOptions,
): Promise<ExperimentResult> {
  const { training, network } = experiment;
  await makeFolder(options.folder);
  const { parts, dataset, validation, sampling } = await openData(experiment, options);
  const model = new CharacterModel(
    dataset,
    createNetwork(network.name, { classes: dataset.classes.length, ...network.config }),
  );
  const keepBest = new KeepBest(monitor);
  const outcome = await model.fit(dataset, validation, {
    ...training,
    augment: augmentation(training.augment),
    teaching: await openTeaching(training.teaching, dataset.classes.length),
    sampling,
    initialWeights: options.initialWeights === undefined ? undefined : await readWeights(options.initialWeights),
    freshWeights: options.freshWeights,
    folder: options.folder,
    device: options.device,
    threads: options.threads,
    loaderThreads: options.loaderThreads,
    signal: options.signal,
    onNotice: options.onNotice,
    checkpointSeconds: options.checkpointSeconds,
    callbacks: [recordExperiment(experiment), ...callbacksOf(experiment), keepBest, ...(options.callbacks ?? [])],
  });
  if (outcome.stopped === 'interrupted') return { outcome, evaluations: {}, modelFolder: undefined };
  if (keepBest.best) {
    model.setWeights(await readWeights(join(options.folder, 'best.safetensors')));
  }
  await model.calibrate(validation, options);
  const evaluations = await evaluateAll(model, validation, options);
  const modelFolder = join(options.folder, 'model');
  await saveCharacterModel(model, modelFolder, {
    name: experiment.name,
    description: experiment.description,
    course: experiment.course,
    data: parts,
    notes: experiment.data.notes,
    recipe: { ...experiment.training, epochsDone: outcome.epoch, bestEpoch: keepBest.best?.epoch ?? outcome.epoch },
    evaluations,
  });
  return { outcome, evaluations, modelFolder };
}

/** `true` stands for the defaults; an object changes some of them. */
function augmentation(augment: CharacterExperiment['training']['augment']): AugmentCharacterOptions | undefined {
  if (augment === false) return undefined;
  return augment === true ? defaultCharacterAugmentation : { ...defaultCharacterAugmentation, ...augment };
}

async function openTeaching(
  teaching: CharacterExperiment['training']['teaching'],
  classes: number,
): Promise<Teaching | undefined> {
  if (!teaching) return undefined;
  const teachers = teaching.teachers.map(async ({ network: { name, config }, weights }) => ({
    network: createNetwork(name, { classes, ...config }),
    weights: await readWeights(weights),
  }));
  return { teachers: await Promise.all(teachers), weight: teaching.weight };
}

interface ExperimentData {
  /** The data sets as they were read. */
  readonly parts: readonly Dataset[];
  readonly dataset: Dataset;
  readonly validation: Dataset;
  readonly sampling: Float64Array | undefined;
}

async function openData(
  { data, training }: CharacterExperiment,
  { dataRoot }: ExperimentRunOptions,
): Promise<ExperimentData> {
  const parts: Dataset[] = [];
  for (const name of data.train) parts.push(await openDataset(name, { root: dataRoot }));
  const { train, validation } = splitDataset(parts[0], data.validationShare, training.seed);
  const dataset = parts.length === 1 ? train : concat([train, ...parts.slice(1)]);
  const isMatched = data.matchClassFrequencies && parts.length > 1;
  return { parts, dataset, validation, sampling: isMatched ? classFrequencyWeights(dataset, train) : undefined };
}

/** What the best epoch is chosen by. */
const monitor = { metric: 'valAccuracy', mode: 'max' } as const;

function callbacksOf({ training }: CharacterExperiment): Callback[] {
  const { earlyStopping } = training;
  return earlyStopping
    ? [...standardCallbacks(), new EarlyStopping({ ...monitor, ...earlyStopping })]
    : standardCallbacks();
}

async function evaluateAll(
  model: CharacterModel,
  validation: Dataset,
  options: ExperimentRunOptions,
): Promise<Record<string, CharacterEvaluation>> {
  const evaluations: Record<string, CharacterEvaluation> = { validation: await model.evaluate(validation, options) };
  for (const name of options.test ?? []) {
    const dataset = await openDataset(name, { root: options.dataRoot });
    evaluations[dataset.name] = await model.evaluate(dataset, options);
    const { classes, network } = model;
    const counts = confusionRows(evaluations[dataset.name]);
    const svg = confusionMatrixSvg({ title: `${network.name} on ${dataset.name}`, classes, counts });
    await writeFileWhole(join(options.folder, `confusion-${dataset.name}.svg`), svg);
  }
  return evaluations;
}
