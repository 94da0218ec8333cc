import { TextRecognizerError } from '../errors.ts';
import type { LineLoaderSet } from '../datasets/lines/line-batch-loader.ts';
import type { LineBatchShape } from '../datasets/lines/line-batch-plan.ts';
import type { LineDataset } from '../datasets/lines/line-dataset.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import { trainingTarget } from '../runtime/channel-block.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import type { Alphabet } from '../text/alphabet.ts';
import type { DecodeOptions } from '../text/decode-line.ts';
import { characterErrorRate, wordErrorRate } from '../text/error-rates.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { createOptimizer, optimizerConfig } from '../training/optimizers.ts';
import { trainingGraph } from '../training/training-graph.ts';
import { TrainingSession } from '../training/training-session.ts';
import { train, type TrainingOutcome } from '../training/trainer.ts';
import { calibrateLines } from './calibrate-lines.ts';
import { evaluateDecodings, evaluateLines, type LineEvaluation, type LineReader } from './evaluate-lines.ts';
import type { FitOptions } from './fit-options.ts';
import { lineBatches, parseBatchShape, type LineBatchOptions } from './line-batches.ts';
import type { LineCalibration } from './line-calibration.ts';
import type { LineLayout } from './line-layout.ts';
import { lineLoss } from './line-loss.ts';
import { lineServingGraph } from './line-serving-graph.ts';

export interface LineFitOptions extends FitOptions, Pick<LineBatchOptions, 'stretch' | 'augment' | 'chunkLines'> {
  readonly stepsPerEpoch: number;
  readonly batch: LineBatchShape;
}

/** Serving pads widths to multiples of the network's own step, of at least this many pixels. */
const servingWidthStep = 32;
/** Serving squeezes wider lines to this many pixels, or the last multiple of its step before. */
const servingMaxWidth = 2048;

/** A network that reads lines of handwriting. */
export class LineModel {
  readonly network: LineNetwork;
  readonly alphabet: Alphabet;
  readonly layout: LineLayout;
  #weights: ReadonlyMap<string, Float32Array> | undefined;
  #calibration: LineCalibration = { confidence: {} };

  constructor(network: LineNetwork, alphabet: Alphabet) {
    const { name, config } = network;
    if (config.classes !== alphabet.size) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `Network '${name}' has ${String(config.classes)} classes, the alphabet ${alphabet.size} with the blank; make both the same.`,
      );
    }
    this.network = network;
    this.alphabet = alphabet;
    this.layout = servingLayout(network);
  }

  /** The learned weights by name; throws before `fit` or `setWeights`. */
  get weights(): ReadonlyMap<string, Float32Array> {
    if (this.#weights) return this.#weights;
    throw new TextRecognizerError('MODEL_INVALID', 'The model has no weights yet: fit it, or set some.');
  }

  get calibration(): LineCalibration {
    return this.#calibration;
  }

  setWeights(weights: ReadonlyMap<string, Float32Array>, calibration: LineCalibration = { confidence: {} }): void {
    this.#weights = weights;
    this.#calibration = calibration;
  }

  /** Trains on sets sampled by weight; reports error rates on the lines of `validation` after each epoch. */
  async fit(
    sets: readonly LineLoaderSet[],
    validation: readonly LineDataset[],
    options: LineFitOptions,
  ): Promise<TrainingOutcome> {
    this.#requireHeight([...sets.map(({ dataset }) => dataset), ...validation]);
    const optimizer = createOptimizer(optimizerConfig.parse(options.optimizer));
    const target = await trainingTarget(options.device ?? 'cpu');
    const averaging = options.averagingDecay !== undefined;
    const graphFor = (shape: string) =>
      trainingGraph(lineLoss(this.network, parseBatchShape(shape)), {
        optimizer,
        target,
        clipNorm: options.clipNorm,
        averaging,
      });
    // Any shape will do to lay out the state; this one is small, and no batch has it.
    const first = graphFor(`1×${8 * this.layout.widthStep}×1`);
    const session = await TrainingSession.open(first, optimizer, { ...options, graphFor });
    try {
      if (options.initialWeights) session.setWeights(options.initialWeights, options.freshWeights);
      const outcome = await train(session, this.#batches(sets, options), {
        ...options,
        callbacks: options.callbacks ?? [],
        config: this.#runConfig(sets, options),
        evaluate: (weights) => this.#validate(weights, validation, options),
      });
      this.setWeights(outcome.weights);
      return outcome;
    } finally {
      await session.close();
    }
  }

  /** Fits confidences, and the language model's weights if there is one, to held-out lines. */
  async calibrate(
    heldOut: readonly LineDataset[],
    languageModel?: LanguageModel,
    options: SessionOptions = {},
  ): Promise<LineCalibration> {
    this.#calibration = await this.#withReader(this.weights, options, (reader) =>
      calibrateLines(reader, heldOut, languageModel),
    );
    return this.#calibration;
  }

  /** Reads the lines of a data set and compares them with its texts. */
  async evaluate(
    dataset: LineDataset,
    decoding: DecodeOptions = {},
    options: SessionOptions = {},
  ): Promise<LineEvaluation> {
    const [evaluation] = await this.evaluateDecodings(dataset, [decoding], options);
    return evaluation;
  }

  /** `evaluate` with several ways to decode what the network says once: `[decodings]`. */
  async evaluateDecodings(
    dataset: LineDataset,
    decodings: readonly DecodeOptions[],
    options: SessionOptions = {},
  ): Promise<LineEvaluation[]> {
    this.#requireHeight([dataset]);
    return await this.#withReader(this.weights, options, (reader) => evaluateDecodings(reader, dataset, decodings));
  }

  /** The ONNX file that serves the model. */
  servingGraph(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    return lineServingGraph(this.network, this.weights, metadata);
  }

  #batches(sets: readonly LineLoaderSet[], options: LineFitOptions) {
    const { batch, seed, stretch, augment, chunkLines, stepsPerEpoch, loaderThreads, onNotice } = options;
    const { alphabet, network } = this;
    const shape = { ...batch, widthStep: batch.widthStep ?? network.widthStep };
    if (shape.widthStep % network.widthStep !== 0) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `widthStep ${shape.widthStep} must be a multiple of the ${network.widthStep} that network '${network.name}' needs.`,
      );
    }
    const loading = { shape, alphabet, seed, stretch, augment, chunkLines, stepsPerEpoch, threads: loaderThreads };
    return lineBatches(sets, network, { ...loading, onNotice });
  }

  async #validate(
    weights: ReadonlyMap<string, Float32Array>,
    validation: readonly LineDataset[],
    options: SessionOptions,
  ): Promise<Record<string, number>> {
    return await this.#withReader(weights, options, async (reader) => {
      const readings = [];
      const figures: Record<string, number> = {};
      for (const dataset of validation) {
        const evaluation = await evaluateLines(reader, dataset, { decoder: 'greedy' });
        readings.push(...evaluation.readings);
        figures[`valCer.${dataset.name}`] = evaluation.cer.rate;
      }
      return { valCer: characterErrorRate(readings).rate, valWer: wordErrorRate(readings).rate, ...figures };
    });
  }

  async #withReader<T>(
    weights: ReadonlyMap<string, Float32Array>,
    { device, threads }: SessionOptions,
    use: (reader: LineReader) => Promise<T>,
  ): Promise<T> {
    const session = await Session.load(lineServingGraph(this.network, weights), { device, threads });
    try {
      return await use({ session, alphabet: this.alphabet, layout: this.layout });
    } finally {
      await session.close();
    }
  }

  /** What decides the result; a run can only go on with the same. */
  #runConfig(sets: readonly LineLoaderSet[], options: LineFitOptions): unknown {
    const { epochs, stepsPerEpoch, batch, optimizer, schedule, seed, averagingDecay, clipNorm } = options;
    const { stretch, augment, chunkLines, initialWeights } = options;
    const { name, config } = this.network;
    return {
      network: { name, config },
      alphabet: this.alphabet.characters.join(''),
      sets: sets.map(({ dataset, weight }) => ({ name: dataset.name, length: dataset.length, weight })),
      continued: initialWeights !== undefined,
      epochs,
      stepsPerEpoch,
      batch,
      optimizer,
      schedule,
      seed,
      averagingDecay,
      clipNorm,
      stretch,
      augment,
      chunkLines,
    };
  }

  #requireHeight(datasets: readonly LineDataset[]): void {
    const odd = datasets.find(({ height }) => height !== this.network.height);
    if (!odd) return;
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `Lines of '${odd.name}' are ${odd.height} pixels high; network '${this.network.name}' takes ${this.network.height}.`,
    );
  }
}

function servingLayout({ height, stride, widthStep: step }: LineNetwork): LineLayout {
  const widthStep = step * Math.ceil(servingWidthStep / step);
  const maxWidth = Math.max(widthStep, widthStep * Math.floor(servingMaxWidth / widthStep));
  return { height, stride, widthStep, maxWidth };
}
