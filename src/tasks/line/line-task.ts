import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import type { LineCalibration } from '../../models/line-calibration.ts';
import { defaultLineAugmentation } from '../../images/augment-line.ts';
import { createLineNetwork } from '../../networks/create-line-network.ts';
import { percent } from '../../report/percent.ts';
import { Alphabet } from '../../text/alphabet.ts';
import { lineAlphabet } from '../../text/line-alphabet.ts';
import { readLanguageModel } from '../../text/language-model/read-language-model.ts';
import { keepOpened } from '../keep-opened.ts';
import { augmentation } from '../experiment-schema.ts';
import type { OpenOptions, Task } from '../task.ts';
import { openTeaching } from '../teaching.ts';
import { deriveAlphabet } from './derive-alphabet.ts';
import { evaluateLineModel } from './evaluate-line-model.ts';
import type { LineEvaluation } from './evaluate-lines.ts';
import { lineExperimentSchema, type LineExperiment } from './line-experiment.ts';
import { lineLearner, lineMonitor, type LineLearner, type LineLearning } from './line-learner.ts';
import { openLineSet, openLineSets, type LineSets } from './open-line-sets.ts';

/** Reading lines of handwriting, with CTC or by position of the text. */
export const lineTask: Task<LineExperiment, LineCalibration, LineEvaluation> = {
  kind: 'line',
  schema: lineExperimentSchema,
  monitor: lineMonitor,
  checkNetwork: ({ name, config }) => void createLineNetwork(name, { classes: 2, ...config }),
  withData,
  open,
  summary: ({ cer, wer }) => `CER ${percent(cer.rate, 2)}, WER ${percent(wer.rate, 2)}`,
  evaluateModel: evaluateLineModel,
};

/** Sets given as flags are sampled alike, and keep a twentieth aside. */
function withData(experiment: LineExperiment, names: readonly string[]): LineExperiment {
  const train = names.map((lines) => ({ lines, weight: 1, fitted: false, validationShare: 0.05 }));
  return { ...experiment, data: { ...experiment.data, train } };
}

async function open(stages: readonly LineExperiment[], options: OpenOptions): Promise<LineLearner[]> {
  const openSet = keepOpened((name: string) => openLineSet(name, options.dataRoot, options));
  const tests: LineDataset[] = [];
  for (const name of options.test ?? []) tests.push(await openSet(name));
  const opened: LineSets[] = [];
  for (const stage of stages) opened.push(await openLineSets(stage, tests, openSet));
  const learners: LineLearner[] = [];
  for (const [i, stage] of stages.entries()) {
    const { notices, train, validation } = opened[i];
    for (const notice of notices) options.onNotice?.(notice);
    // All stages have the same classes, so what is derived is derived from the texts of all.
    const texts = opened.flatMap((sets) => sets.train.map(({ dataset }) => dataset));
    const alphabet = openAlphabet(stage, texts, i === 0 ? options : {});
    learners.push(await newLearner(stage, alphabet, { train, validation, tests }));
  }
  return learners;
}

function openAlphabet(
  { data: { alphabet } }: LineExperiment,
  texts: readonly LineDataset[],
  { onNotice }: Pick<OpenOptions, 'onNotice'>,
): Alphabet {
  if (alphabet === undefined) return lineAlphabet;
  if (typeof alphabet === 'string') return new Alphabet(alphabet);
  const derived = deriveAlphabet(texts, alphabet.minCount);
  onNotice?.(derived.notice);
  return derived.alphabet;
}

async function newLearner(
  experiment: LineExperiment,
  alphabet: Alphabet,
  sets: Pick<LineLearning, 'train' | 'validation' | 'tests'>,
): Promise<LineLearner> {
  const { data, network: wanted, training } = experiment;
  const network = createLineNetwork(wanted.name, { classes: alphabet.size, ...wanted.config });
  return lineLearner(network, alphabet, {
    ...training,
    ...sets,
    augment: augmentation(training.augment, defaultLineAugmentation),
    teaching: await openTeaching(experiment, network, createLineNetwork),
    languageModel: data.languageModel === undefined ? undefined : await readLanguageModel(data.languageModel),
  });
}
