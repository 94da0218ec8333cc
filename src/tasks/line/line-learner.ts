import { basename, join } from 'node:path';
import type { LineLoaderSet } from '../../datasets/batches/line-batch-loader.ts';
import type { LineBatchShape } from '../../datasets/batches/line-batch-plan.ts';
import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { decodeOptions, type LineCalibration } from '../../models/line-calibration.ts';
import type { LineLayout } from '../../models/line-layout.ts';
import { lineServingGraph, lineServingWork } from '../../models/line-serving-graph.ts';
import type { LineNetwork } from '../../networks/line-network.ts';
import { makeLineReport } from '../../report/make-line-report.ts';
import type { Session } from '../../runtime/session.ts';
import type { Alphabet } from '../../text/alphabet.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import { characterErrorRate, wordErrorRate } from '../../text/error-rates.ts';
import type { LanguageModel } from '../../text/language-model/language-model.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { Learner, ReportOptions } from '../task.ts';
import { teachingIdentity, type Teaching } from '../teaching.ts';
import { calibrateLines } from './calibrate-lines.ts';
import { evaluateDecodings, evaluateLines, type LineEvaluation, type LineReader } from './evaluate-lines.ts';
import { lineBatches, parseBatchShape, type LineBatchOptions } from './line-batches.ts';
import { lineLicence } from './line-licence.ts';
import { lineLoss } from './line-loss.ts';
import { lineSamples } from './line-samples.ts';

/** The data and settings of a line network's training. */
export interface LineLearning extends Pick<LineBatchOptions, 'stretch' | 'augment' | 'chunkLines'> {
  /** Sampled by weight. */
  readonly train: readonly LineLoaderSet[];
  readonly validation: readonly LineDataset[];
  readonly tests?: readonly LineDataset[];
  readonly languageModel?: LanguageModel;
  readonly seed: number;
  readonly stepsPerEpoch: number;
  readonly batch: LineBatchShape;
  /** Networks with the same classes and time steps to learn from, beside the texts. */
  readonly teaching?: Teaching;
}

/** A learner of lines, which also knows how lines are laid out for it. */
export interface LineLearner extends Learner<LineCalibration, LineEvaluation> {
  readonly network: LineNetwork;
  /** What is ready to read once the session serves the network. */
  reader(session: Session): LineReader;
}

/** What the best epoch is chosen by. */
export const lineMonitor: Monitor = { metric: 'valCer', mode: 'min' };

/** Serving pads widths to multiples of the network's own step, of at least this many pixels. */
const servingWidthStep = 32;
/** Serving squeezes wider lines to this many pixels, or the last multiple of its step before. */
const servingMaxWidth = 2048;

/** A network that learns to read lines of handwriting; confidences of each decoder and the language model's weights are calibrated. */
export function lineLearner(network: LineNetwork, alphabet: Alphabet, learning: LineLearning): LineLearner {
  const { train, validation, tests = [], languageModel, seed, stepsPerEpoch, teaching } = learning;
  const { stretch, augment, chunkLines } = learning;
  const batch = { ...learning.batch, widthStep: learning.batch.widthStep ?? network.widthStep };
  requireFitting(network, alphabet, { ...learning, batch });
  const layout = servingLayout(network);
  const trainedOn = train.map(({ dataset }) => {
    const { name, length } = dataset;
    return { name, length, licence: lineLicence(dataset) };
  });
  const reader = (session: Session): LineReader => ({ session, alphabet, layout });
  return {
    network,
    reader,
    monitor: lineMonitor,
    trainedOn,
    identity: {
      network: { name: network.name, config: network.config },
      alphabet: alphabet.characters.join(''),
      sets: train.map(({ dataset, weight }) => ({ name: dataset.name, length: dataset.length, weight })),
      stepsPerEpoch,
      batch,
      stretch,
      augment,
      chunkLines,
      taught: teachingIdentity(teaching),
    },
    // Any shape will do to lay out the state; this one is small, and no batch has it.
    firstShape: `1×${8 * layout.widthStep}×1`,
    loss: (shape = '') => lineLoss(network, parseBatchShape(shape), teaching),
    batches: ({ threads, onNotice, share }) => {
      const loading = { shape: batch, alphabet, seed, stretch, augment, chunkLines, stepsPerEpoch, threads, share };
      return lineBatches(train, network, { ...loading, onNotice });
    },
    samples: validation.length === 0 ? undefined : lineSamples(validation, reader),
    servingGraph: (weights) => lineServingGraph(network, weights),
    validate: (session) => validate(reader(session), validation),
    calibrate: (session) => calibrateLines(reader(session), validation, languageModel),
    evaluate: (session, calibration) =>
      evaluateAll(reader(session), [...validation, ...tests], calibration, languageModel),
    calibratedGraph: (weights, _, name) => lineServingGraph(network, weights, { name }),
    figures: lineFigures,
    manifest: (weights, { confidence, fusion }) => {
      const { stride, ...stem } = layout;
      return {
        kind: 'line',
        alphabet: alphabet.characters.join(''),
        stem: { name: 'line', ...stem },
        stride,
        confidence,
        ...(fusion && { fusion }),
        multiplyAccumulates: lineServingWork(network, weights),
      };
    },
    report: (evaluations, options) => writeReports(tests, evaluations, options),
  };
}

async function validate(reader: LineReader, validation: readonly LineDataset[]): Promise<Record<string, number>> {
  const readings = [];
  const figures: Record<string, number> = {};
  for (const dataset of validation) {
    const evaluation = await evaluateLines(reader, dataset, { decoder: 'greedy' });
    readings.push(...evaluation.readings);
    figures[`valCer.${dataset.name}`] = evaluation.cer.rate;
  }
  return { valCer: characterErrorRate(readings).rate, valWer: wordErrorRate(readings).rate, ...figures };
}

/** By data set and decoder, as cards list them. */
async function evaluateAll(
  reader: LineReader,
  datasets: readonly LineDataset[],
  calibration: LineCalibration,
  languageModel: LanguageModel | undefined,
): Promise<Record<string, LineEvaluation>> {
  const decoders: readonly LineDecoder[] = languageModel ? ['greedy', 'lm'] : ['greedy'];
  const decodings = decoders.map((decoder) => decodeOptions(calibration, decoder, reader, languageModel));
  const evaluations: Record<string, LineEvaluation> = {};
  for (const dataset of datasets) {
    const ofDataset = await evaluateDecodings(reader, dataset, decodings);
    decoders.forEach((decoder, i) => (evaluations[evaluationName(dataset, decoder)] = ofDataset[i]));
  }
  return evaluations;
}

const evaluationName = ({ name }: LineDataset, decoder: LineDecoder): string => `${name}, ${decoder}`;

/** What a manifest says of an evaluation. */
function lineFigures(evaluation: LineEvaluation): Record<string, number> {
  const { lines, cer, wer, meanLineAccuracy, exact, characterCalibrationError, wordCalibrationError } = evaluation;
  const errors = { characterCalibrationError, wordCalibrationError };
  return { lines, cer: cer.rate, wer: wer.rate, lineAccuracy: meanLineAccuracy, exact, ...errors };
}

/** A report of each test set, read by the best decoder that was evaluated, with the learning curves. */
async function writeReports(
  tests: readonly LineDataset[],
  evaluations: Readonly<Record<string, LineEvaluation>>,
  { model, curves, folder }: ReportOptions,
): Promise<void> {
  for (const dataset of tests) {
    const decoder = evaluationName(dataset, 'lm') in evaluations ? 'lm' : 'greedy';
    const { readings } = evaluations[evaluationName(dataset, decoder)];
    const title = `${model} on ${dataset.name}`;
    const html = await makeLineReport({ title, facts: [['Decoder', decoder]], curves, dataset, readings });
    await writeFileAtomic(join(folder, `report-${basename(dataset.name)}.html`), html);
  }
}

function servingLayout({ height, stride, widthStep: step }: LineNetwork): LineLayout {
  const widthStep = step * Math.ceil(servingWidthStep / step);
  const maxWidth = Math.max(widthStep, widthStep * Math.floor(servingMaxWidth / widthStep));
  return { height, stride, widthStep, maxWidth };
}

function requireFitting(
  { name, config, height, widthStep }: LineNetwork,
  alphabet: Alphabet,
  { train, validation, tests = [], batch }: LineLearning & { readonly batch: { readonly widthStep: number } },
): void {
  if (config.classes !== alphabet.size) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Network '${name}' has ${String(config.classes)} classes, the alphabet ${alphabet.size} with the blank; make both the same.`,
    );
  }
  if (batch.widthStep % widthStep !== 0) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `widthStep ${batch.widthStep} must be a multiple of the ${widthStep} that network '${name}' needs.`,
    );
  }
  const odd = [...train.map(({ dataset }) => dataset), ...validation, ...tests].find((set) => set.height !== height);
  if (!odd) return;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `Lines of '${odd.name}' are ${odd.height} pixels high; network '${name}' takes ${height}.`,
  );
}
