import { TextRecognizerError } from '../errors.ts';
import { countCorrect, softCrossEntropy, softmaxCrossEntropy } from '../graph/loss.ts';
import { input } from '../graph/value.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { AugmentCharacterOptions } from '../images/augment-character.ts';
import { imageInput } from '../networks/image-input.ts';
import type { Network } from '../networks/network.ts';
import { trainingTarget } from '../runtime/channel-block.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import { createOptimizer, optimizerConfig } from '../training/optimizers.ts';
import { trainingGraph, type LossBuilder } from '../training/training-graph.ts';
import { TrainingSession } from '../training/training-session.ts';
import { train, type TrainingOutcome } from '../training/trainer.ts';
import { fitTemperature } from './calibration.ts';
import { characterBatches } from './character-batches.ts';
import { computeLogits, evaluateCharacters, scoreLogits, type CharacterEvaluation } from './evaluate-characters.ts';
import type { FitOptions } from './fit-options.ts';
import { characterServingGraph } from './serving-graph.ts';
import { taughtTargets, type Teaching } from './teaching.ts';

export interface CharacterFitOptions extends FitOptions {
  readonly batchSize: number;
  readonly labelSmoothing?: number;
  /** Networks of the same classes to learn from, beside the labels; not together with label smoothing. */
  readonly teaching?: Teaching;
  /** Changes the images at random. */
  readonly augment?: AugmentCharacterOptions;
  /** How often each item is visited relative to the others, `[items]`. */
  readonly sampling?: ArrayLike<number>;
}

/** A network that tells the classes of a data set apart. */
export class CharacterModel {
  readonly network: Network;
  readonly classes: readonly string[];
  readonly height: number;
  readonly width: number;
  #weights: ReadonlyMap<string, Float32Array> | undefined;
  #temperature = 1;

  constructor({ classes, height, width }: Pick<Dataset, 'classes' | 'height' | 'width'>, network: Network) {
    if (network.config.classes !== classes.length) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `Network '${network.name}' has ${network.config.classes} classes, the data set ${classes.length}; make both the same.`,
      );
    }
    this.network = network;
    this.classes = classes;
    this.height = height;
    this.width = width;
  }

  /** The learned weights by name; throws before `fit` or `setWeights`. */
  get weights(): ReadonlyMap<string, Float32Array> {
    if (this.#weights) return this.#weights;
    throw new TextRecognizerError('MODEL_INVALID', 'The model has no weights yet: fit it, or set some.');
  }

  get temperature(): number {
    return this.#temperature;
  }

  setWeights(weights: ReadonlyMap<string, Float32Array>, temperature = 1): void {
    this.#weights = weights;
    this.#temperature = temperature;
  }

  /** Trains on `dataset` and reports loss and accuracy on `validation` after each epoch. */
  async fit(dataset: Dataset, validation: Dataset, options: CharacterFitOptions): Promise<TrainingOutcome> {
    this.#requireClasses(dataset);
    this.#requireClasses(validation);
    this.#requireTeachers(options);
    const { folder, epochs, batchSize, schedule, seed } = options;
    const optimizer = createOptimizer(optimizerConfig.parse(options.optimizer));
    const graph = trainingGraph(this.#loss(options), {
      optimizer,
      target: await trainingTarget(options.device ?? 'cpu'),
      clipNorm: options.clipNorm,
      averaging: options.averagingDecay !== undefined,
    });
    const session = await TrainingSession.open(graph, optimizer, options);
    const batches = characterBatches(dataset, {
      batchSize,
      seed,
      weights: options.sampling,
      augment: options.augment,
      threads: options.loaderThreads,
    });
    try {
      if (options.initialWeights) session.setWeights(options.initialWeights, options.freshWeights);
      const outcome = await train(session, batches, {
        folder,
        epochs,
        schedule,
        seed,
        callbacks: options.callbacks ?? [],
        checkpointSeconds: options.checkpointSeconds,
        signal: options.signal,
        onNotice: options.onNotice,
        config: this.#runConfig(dataset, options),
        evaluate: (weights) => this.#validate(weights, validation, options),
      });
      this.setWeights(outcome.weights);
      return outcome;
    } finally {
      await session.close();
    }
  }

  /** Fits the temperature to held-out data, so that confidences hold (Guo et al. 2017). */
  async calibrate(heldOut: Dataset, options: SessionOptions = {}): Promise<number> {
    const { logits } = await this.#withSession(options, (session) => computeLogits(session, heldOut));
    this.#temperature = fitTemperature(logits, heldOut.labels);
    return this.#temperature;
  }

  /** Compares the model with the labels of a data set. */
  async evaluate(dataset: Dataset, options: SessionOptions = {}): Promise<CharacterEvaluation> {
    this.#requireClasses(dataset);
    return await this.#withSession(options, (session) => evaluateCharacters(session, dataset, this.#temperature));
  }

  /** The probabilities of all classes, `[count, classes]`, for images `[count, height, width]` (ink 255). */
  async predict(images: Uint8Array, options: SessionOptions = {}): Promise<Float32Array> {
    const shape = [images.length / (this.height * this.width), this.height, this.width];
    const results = await this.#withSession(options, (session) => session.run({ images: { data: images, shape } }));
    return results.probabilities.data as Float32Array;
  }

  /** The ONNX file that serves the model. */
  servingGraph(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const { height, width } = this;
    return characterServingGraph(this.network, this.weights, {
      height,
      width,
      temperature: this.#temperature,
      metadata,
    });
  }

  #loss({ batchSize, labelSmoothing = 0, teaching }: CharacterFitOptions): LossBuilder {
    return (context) => {
      const { images } = imageInput(batchSize, this.height, this.width);
      const labels = input('labels', 'int32', [batchSize]);
      const logits = this.network.build(context, images);
      return {
        loss: teaching
          ? softCrossEntropy(logits, taughtTargets(images, labels, this.classes.length, teaching))
          : softmaxCrossEntropy(logits, labels, labelSmoothing),
        metrics: { correct: countCorrect(logits, labels) },
      };
    };
  }

  async #validate(
    weights: ReadonlyMap<string, Float32Array>,
    dataset: Dataset,
    { device, threads }: SessionOptions,
  ): Promise<Record<string, number>> {
    const { height, width } = this;
    const session = await Session.load(characterServingGraph(this.network, weights, { height, width }), {
      device,
      threads,
    });
    try {
      const { logits } = await computeLogits(session, dataset);
      const { loss, accuracy, accuracyCaseMerged } = scoreLogits(logits, dataset, 1);
      return { valLoss: loss, valAccuracy: accuracy, valAccuracyCaseMerged: accuracyCaseMerged };
    } finally {
      await session.close();
    }
  }

  async #withSession<T>({ device, threads }: SessionOptions, use: (session: Session) => Promise<T>): Promise<T> {
    const session = await Session.load(this.servingGraph(), { device, threads });
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  }

  #runConfig(dataset: Dataset, options: CharacterFitOptions): unknown {
    const {
      folder: _folder,
      callbacks: _callbacks,
      signal: _signal,
      onNotice: _onNotice,
      sampling,
      initialWeights,
      teaching,
      checkpointSeconds: _seconds,
      loaderThreads: _loaderThreads,
      threads: _threads,
      ...rest
    } = options;
    const { name, config } = this.network;
    return {
      network: { name, config },
      dataset: { name: dataset.name, length: dataset.length },
      weighted: sampling !== undefined,
      continued: initialWeights !== undefined,
      ...(teaching && { taught: { weight: teaching.weight, by: teaching.teachers.map((teacher) => teacher.network) } }),
      ...rest,
    };
  }

  #requireTeachers({ teaching, labelSmoothing = 0 }: CharacterFitOptions): void {
    if (!teaching) return;
    const { teachers, weight } = teaching;
    const invalid = (reason: string) => new TextRecognizerError('INVALID_ARGUMENT', reason);
    if (teachers.length === 0) throw invalid('Teaching needs at least one teacher.');
    if (!(weight > 0 && weight <= 1))
      throw invalid(`The teachers' weight must be above 0 and at most 1, not ${weight}.`);
    if (labelSmoothing > 0)
      throw invalid('Teachers say what labels leave open; leave labelSmoothing at 0 beside them.');
    const odd = teachers.find(({ network }) => network.config.classes !== this.classes.length)?.network;
    if (!odd) return;
    throw invalid(`Teacher '${odd.name}' has ${odd.config.classes} classes, the model ${this.classes.length}.`);
  }

  #requireClasses({ name, classes, height, width }: Dataset): void {
    if (classes.join('\n') === this.classes.join('\n') && height === this.height && width === this.width) return;
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `Data set '${name}' (${classes.length} classes, ${height}×${width}) does not fit the model (${this.classes.length} classes, ${this.height}×${this.width}).`,
    );
  }
}
