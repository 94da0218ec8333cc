import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LineDataset } from '../datasets/lines/line-dataset.ts';
import { makeFolder } from '../files/explain-write.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import { type AugmentLineOptions, defaultLineAugmentation } from '../images/augment-line.ts';
import { decodeOptions } from '../models/line-calibration.ts';
import type { LineEvaluation } from '../models/evaluate-lines.ts';
import { LineModel } from '../models/line-model.ts';
import { saveLineModel } from '../models/save-line-model.ts';
import type { ModelStory } from '../models/write-model.ts';
import { createLineNetwork } from '../networks/create-line-network.ts';
import { makeLineReport } from '../report/make-line-report.ts';
import type { DecodeOptions, LineDecoder } from '../text/decode-line.ts';
import { lineAlphabet } from '../text/line-alphabet.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { readLanguageModel } from '../text/language-model/read-language-model.ts';
import { KeepBest } from '../training/callbacks/keep-best.ts';
import type { TrainingOutcome } from '../training/trainer.ts';
import type { LineExperiment } from './line-experiment.ts';
import { type LineSets, openLineSets } from './open-line-sets.ts';
import { readWeights } from './read-weights.ts';
import type { ExperimentRunOptions } from './run-character-experiment.ts';
import { recordExperiment, standardCallbacks } from './standard-callbacks.ts';

export interface LineExperimentResult {
  readonly outcome: TrainingOutcome;
  /** By data set and decoder; empty when the run was interrupted. */
  readonly evaluations: Readonly<Record<string, LineEvaluation>>;
  /** The folder with model.onnx, model.json and the card. */
  readonly modelFolder: string | undefined;
}

/** Trains, calibrates, evaluates and saves a line model as an experiment says. */
export async function runLineExperiment(
  experiment: LineExperiment,
  options: ExperimentRunOptions,
): Promise<LineExperimentResult> {
  const { training } = experiment;
  const { folder, initialWeights } = options;
  await makeFolder(folder);
  const sets = await openLineSets(experiment, options.dataRoot, options.test);
  sets.notices.forEach((notice) => options.onNotice?.(notice));
  const model = newLineModel(experiment);
  const keepBest = new KeepBest({ metric: 'valCer', mode: 'min' });
  const outcome = await model.fit(sets.train, sets.validation, {
    ...training,
    ...options,
    augment: augmentation(training.augment),
    initialWeights: initialWeights === undefined ? undefined : await readWeights(initialWeights),
    callbacks: [recordExperiment(experiment), ...standardCallbacks(), keepBest, ...(options.callbacks ?? [])],
  });
  if (outcome.stopped === 'interrupted') return { outcome, evaluations: {}, modelFolder: undefined };
  if (keepBest.best) model.setWeights(await readWeights(join(folder, 'best.safetensors')));
  const epochs = { epochsDone: outcome.epoch, bestEpoch: keepBest.best?.epoch ?? outcome.epoch };
  const { evaluations, modelFolder } = await finishLineModel(model, experiment, sets, epochs, options);
  const curves = await readFile(join(folder, 'curves.svg'), 'utf8');
  await writeReports(experiment.name, sets.test, evaluations, curves, folder);
  return { outcome, evaluations, modelFolder };
}

/** A model without weights, of the experiment's network. */
export function newLineModel({ network: { name, config } }: LineExperiment): LineModel {
  return new LineModel(createLineNetwork(name, { classes: lineAlphabet.size, ...config }), lineAlphabet);
}

/** Calibrates a model that has learned, measures it on what is held out, and saves it in `FOLDER/model`. */
export async function finishLineModel(
  model: LineModel,
  experiment: LineExperiment,
  sets: LineSets,
  history: ModelStory<LineEvaluation>['recipe'],
  options: ExperimentRunOptions,
): Promise<{ evaluations: Record<string, LineEvaluation>; modelFolder: string }> {
  const { languageModel: file } = experiment.data;
  const languageModel = file === undefined ? undefined : await readLanguageModel(file);
  await model.calibrate(sets.validation, languageModel, options);
  const evaluations = await evaluateLineSets(
    (dataset, decodings) => model.evaluateDecodings(dataset, decodings, options),
    model,
    sets,
    languageModel,
  );
  const modelFolder = join(options.folder, 'model');
  await saveLineModel(model, modelFolder, {
    name: experiment.name,
    description: experiment.description,
    course: experiment.course,
    data: sets.train.map(({ dataset }) => dataset),
    recipe: { ...experiment.training, ...history },
    evaluations,
  });
  return { evaluations, modelFolder };
}

/** `true` stands for the defaults; an object changes some of them. */
function augmentation(augment: LineExperiment['training']['augment']): AugmentLineOptions | undefined {
  if (augment === false) return undefined;
  return augment === true ? defaultLineAugmentation : { ...defaultLineAugmentation, ...augment };
}

/** Measures a calibrated model on what is held out and on the test sets: by data set and decoder, as cards list them. */
export async function evaluateLineSets(
  evaluate: (dataset: LineDataset, decodings: readonly DecodeOptions[]) => Promise<readonly LineEvaluation[]>,
  { calibration, alphabet }: Pick<LineModel, 'calibration' | 'alphabet'>,
  { validation, test }: Pick<LineSets, 'validation' | 'test'>,
  languageModel: LanguageModel | undefined,
): Promise<Record<string, LineEvaluation>> {
  const decoders: readonly LineDecoder[] = languageModel ? ['greedy', 'lm'] : ['greedy'];
  const decodings = decoders.map((decoder) => decodeOptions(calibration, decoder, { alphabet }, languageModel));
  const evaluations: Record<string, LineEvaluation> = {};
  for (const dataset of [...validation, ...test]) {
    const ofDataset = await evaluate(dataset, decodings);
    decoders.forEach((decoder, i) => (evaluations[evaluationName(dataset, decoder)] = ofDataset[i]));
  }
  return evaluations;
}

const evaluationName = ({ name }: LineDataset, decoder: LineDecoder): string => `${name}, ${decoder}`;

/** A report of each test set, read by the best decoder that was evaluated, with the learning curves. */
async function writeReports(
  model: string,
  tests: readonly LineDataset[],
  evaluations: Readonly<Record<string, LineEvaluation>>,
  curves: string,
  folder: string,
): Promise<void> {
  for (const dataset of tests) {
    const decoder = evaluationName(dataset, 'lm') in evaluations ? 'lm' : 'greedy';
    const { readings } = evaluations[evaluationName(dataset, decoder)];
    const title = `${model} on ${dataset.name}`;
    const html = await makeLineReport({ title, facts: [['Decoder', decoder]], curves, dataset, readings });
    await writeFileWhole(join(folder, `report-${basename(dataset.name)}.html`), html);
  }
}
