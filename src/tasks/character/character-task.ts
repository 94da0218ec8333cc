import { concat } from '../../datasets/concat.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { classFrequencyWeights } from '../../datasets/class-frequency-weights.ts';
import { openDataset } from '../../datasets/registry.ts';
import { splitDataset } from '../../datasets/split.ts';
import { defaultCharacterAugmentation } from '../../images/augment-character.ts';
import { createNetwork } from '../../networks/create-network.ts';
import { percent } from '../../report/percent.ts';
import { keepOpened } from '../keep-opened.ts';
import { augmentation } from '../experiment-schema.ts';
import type { OpenOptions, Task } from '../task.ts';
import { openTeaching } from '../teaching.ts';
import { characterExperimentSchema, type CharacterExperiment } from './character-experiment.ts';
import { characterLearner, characterMonitor, type CharacterLearner } from './character-learner.ts';
import type { CharacterEvaluation } from './evaluate-characters.ts';
import { evaluateCharacterModel } from './evaluate-character-model.ts';
import { sharedImages } from './shared-images.ts';

/** Telling characters apart: a classification of images. */
export const characterTask: Task<CharacterExperiment, number, CharacterEvaluation> = {
  kind: 'character',
  schema: characterExperimentSchema,
  monitor: characterMonitor,
  checkNetwork: ({ name, config }) => void createNetwork(name, { classes: 2, ...config }),
  withData: (experiment, names) => ({ ...experiment, data: { ...experiment.data, train: [...names] } }),
  open,
  summary: ({ accuracy, calibrationError }) =>
    `accuracy ${percent(accuracy, 2)}, calibration error ${calibrationError.toFixed(4)}`,
  evaluateModel: evaluateCharacterModel,
};

async function open(stages: readonly CharacterExperiment[], options: OpenOptions): Promise<CharacterLearner[]> {
  const openSet = keepOpened((name: string) =>
    openDataset(name, { root: options.dataRoot, onNotice: options.onNotice }),
  );
  const tests = await openAll(options.test ?? []);
  const learners: CharacterLearner[] = [];
  for (const stage of stages) learners.push(await openStage(stage, await openAll(stage.data.train)));
  return learners;

  async function openAll(names: readonly string[]): Promise<Dataset[]> {
    const datasets: Dataset[] = [];
    for (const name of names) datasets.push(await openSet(name));
    return datasets;
  }

  async function openStage(experiment: CharacterExperiment, parts: readonly Dataset[]): Promise<CharacterLearner> {
    const { data, network: wanted, training } = experiment;
    const { train: kept, validation } = splitDataset(parts[0], data.validationShare, training.seed);
    const train = parts.length === 1 ? kept : concat([kept, ...parts.slice(1)]);
    for (const test of tests) tellShared(test, train, options);
    const network = createNetwork(wanted.name, { classes: train.classes.length, ...wanted.config });
    const isMatched = data.matchClassFrequencies && parts.length > 1;
    return characterLearner(network, {
      ...training,
      train,
      validation,
      tests,
      parts,
      augment: augmentation(training.augment, defaultCharacterAugmentation),
      teaching: await openTeaching(experiment, network, createNetwork),
      sampling: isMatched ? classFrequencyWeights(train, kept) : undefined,
    });
  }
}

function tellShared(test: Dataset, train: Dataset, { onNotice }: OpenOptions): void {
  const shared = sharedImages(test, train);
  if (shared > 0) onNotice?.(`${test.name}: ${shared} of ${test.length} images are also in the training data.`);
}
