import { basename, join } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { AugmentCharacterOptions } from '../../images/augment-character.ts';
import { characterServingGraph, servingWork } from '../../models/serving-graph.ts';
import type { Network } from '../../networks/network.ts';
import { confusionMatrixSvg } from '../../report/confusion-matrix-svg.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import { fitTemperature } from '../fit-calibration.ts';
import type { Learner } from '../task.ts';
import { teachingIdentity, type Teaching } from '../teaching.ts';
import { characterBatches } from './character-batches.ts';
import { characterLoss } from './character-loss.ts';
import { characterSamples } from './character-samples.ts';
import {
  computeLogits,
  confusionRows,
  evaluateCharacters,
  scoreLogits,
  type CharacterEvaluation,
} from './evaluate-characters.ts';

/** The data and settings of a character network's training. */
export interface CharacterLearning {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly tests?: readonly Dataset[];
  /** The data sets that `train` was made of; default itself. */
  readonly parts?: readonly Dataset[];
  readonly seed: number;
  readonly batchSize: number;
  readonly labelSmoothing?: number;
  /** Networks of the same classes to learn from, beside the labels; not together with label smoothing. */
  readonly teaching?: Teaching;
  /** Changes the images at random. */
  readonly augment?: AugmentCharacterOptions;
  /** How often each item is visited relative to the others, `[items]`. */
  readonly sampling?: ArrayLike<number>;
}

export type CharacterLearner = Learner<number, CharacterEvaluation>;

/** What the best epoch is chosen by. */
export const characterMonitor: Monitor = { metric: 'valAccuracy', mode: 'max' };

/** A network that learns to tell the classes of a data set apart; what is calibrated is the temperature of its softmax. */
export function characterLearner(network: Network, learning: CharacterLearning): CharacterLearner {
  const { train, validation, tests = [], batchSize, labelSmoothing = 0, teaching, sampling, augment, seed } = learning;
  const { classes, height, width } = train;
  requireFitting(network, learning);
  const graph = (weights: ReadonlyMap<string, Float32Array>, temperature?: number, metadata?: Record<string, string>) =>
    characterServingGraph(network, weights, { height, width, temperature, metadata });
  return {
    network,
    monitor: characterMonitor,
    trainedOn: (learning.parts ?? [train]).map(({ name, length }) => ({ name, length, licence: licenceOf(name) })),
    identity: {
      network: { name: network.name, config: network.config },
      dataset: { name: train.name, length: train.length },
      weighted: sampling !== undefined,
      batchSize,
      labelSmoothing,
      augment,
      taught: teachingIdentity(teaching),
    },
    loss: (shape) =>
      characterLoss(network, {
        batchSize: Number(shape ?? batchSize),
        height,
        width,
        labelSmoothing,
        teaching,
      }),
    batches: ({ threads, share }) =>
      characterBatches(train, { batchSize, seed, weights: sampling, augment, threads, share }),
    samples: characterSamples(validation),
    servingGraph: (weights) => graph(weights),
    async validate(session) {
      const { logits } = await computeLogits(session, validation);
      const { loss, accuracy, accuracyCaseMerged } = scoreLogits(logits, validation, 1);
      return { valLoss: loss, valAccuracy: accuracy, valAccuracyCaseMerged: accuracyCaseMerged };
    },
    async calibrate(session) {
      const { logits } = await computeLogits(session, validation);
      return fitTemperature(logits, validation.labels);
    },
    async evaluate(session, temperature) {
      const evaluations: Record<string, CharacterEvaluation> = {};
      for (const [name, dataset] of [['validation', validation] as const, ...tests.map((it) => [it.name, it] as const)])
        evaluations[name] = await evaluateCharacters(session, dataset, temperature);
      return evaluations;
    },
    calibratedGraph: (weights, temperature, name) => graph(weights, temperature, { name }),
    figures({ count, accuracy, accuracyCaseMerged, accuracyLookAlikesMerged, calibrationError, loss }) {
      return { count, accuracy, accuracyCaseMerged, accuracyLookAlikesMerged, calibrationError, loss };
    },
    manifest: (weights, temperature) => ({
      kind: 'character',
      classes: [...classes],
      stem: { name: 'character', height, width },
      temperature,
      multiplyAccumulates: servingWork(network, weights, { height, width }),
    }),
    async report(evaluations, { folder }) {
      for (const { name } of tests) {
        const title = `${network.name} on ${name}`;
        const svg = confusionMatrixSvg({ title, classes, counts: confusionRows(evaluations[name]) });
        await writeFileAtomic(join(folder, `confusion-${basename(name)}.svg`), svg);
      }
    },
  };
}

/** The licence of a data set by its name. */
function licenceOf(dataset: string): string {
  return basename(dataset).startsWith('emnist') ? 'Public domain (NIST)' : 'unknown';
}

function requireFitting(network: Network, learning: CharacterLearning): void {
  const { train, validation, tests = [], teaching, labelSmoothing = 0 } = learning;
  if (network.config.classes !== train.classes.length) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Network '${network.name}' has ${String(network.config.classes)} classes, the data set ${train.classes.length}; make both the same.`,
    );
  }
  if (teaching && labelSmoothing > 0) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      'Teachers say what labels leave open; leave labelSmoothing at 0 beside them.',
    );
  }
  for (const { name, classes, height, width } of [validation, ...tests]) {
    if (classes.join('\n') === train.classes.join('\n') && height === train.height && width === train.width) continue;
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `Data set '${name}' (${classes.length} classes, ${height}×${width}) does not fit the training's (${train.classes.length} classes, ${train.height}×${train.width}).`,
    );
  }
}
