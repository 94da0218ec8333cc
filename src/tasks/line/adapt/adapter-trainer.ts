import type { LineLoaderSet } from '../../../datasets/batches/line-batch-loader.ts';
import { defaultLineAugmentation } from '../../../images/augment-line.ts';
import type { AdaptableModel } from '../../../models/apply-adapter.ts';
import { AdaptedContext } from '../../../networks/adapted-context.ts';
import type { LineNetwork } from '../../../networks/line-network.ts';
import { trainingTarget } from '../../../runtime/channel-block.ts';
import type { Alphabet } from '../../../text/alphabet.ts';
import { createOptimizer, optimizerConfig } from '../../../training/optimizers.ts';
import { learningRateAt, type Schedule } from '../../../training/schedules.ts';
import { trainingGraph } from '../../../training/training-graph.ts';
import { TrainingSession } from '../../../training/training-session.ts';
import { lineBatches, parseBatchShape } from '../line-batches.ts';
import { lineLoss } from '../line-loss.ts';

/** How an adapter learns; found on hands that are in no test set (docs/lab/adapt.md). */
export interface AdapterRecipe {
  /** Of the differences to the convolutions' weights. */
  readonly rank: number;
  /** The peak of a cosine that ends at 0. */
  readonly learningRate: number;
  /** Optimiser steps. */
  readonly steps: number;
  readonly seed: number;
}

export interface AdapterTrainerOptions {
  readonly rank: number;
  readonly seed: number;
  readonly threads?: number;
}

/** Batches are of few widths, since each takes a graph of its own. */
const batchShape = { maxLines: 8, maxColumns: 8192, widthStep: 256, maxWidth: 2048, stride: 4 } as const;
const augment = { ...defaultLineAugmentation, probability: 0.45, shear: [-15, 15], scale: [0.8, 1.1] } as const;
const stretch = [0.85, 1.15] as const;
const warmUpSteps = 10;
/** Of the moving average: it spans the last dozen steps, since there are few. */
const averagingDecay = 0.95;
const clipNorm = 10;

/** Trains differences to a network's weights, several times over if need be: from nothing each time, with the same graphs. */
export class AdapterTrainer {
  readonly #network: LineNetwork;
  readonly #alphabet: Alphabet;
  readonly #session: TrainingSession;
  readonly #options: AdapterTrainerOptions;
  /** Of a training that has not begun. */
  readonly #fresh: ReadonlyMap<string, Float32Array>;

  private constructor(
    network: LineNetwork,
    alphabet: Alphabet,
    session: TrainingSession,
    options: AdapterTrainerOptions,
  ) {
    this.#network = network;
    this.#alphabet = alphabet;
    this.#session = session;
    this.#options = options;
    this.#fresh = new Map([...session.state].map(([name, vector]) => [name, vector.slice()]));
  }

  static async open(
    { network: base, weights }: AdaptableModel,
    alphabet: Alphabet,
    options: AdapterTrainerOptions,
  ): Promise<AdapterTrainer> {
    const network: LineNetwork = {
      ...base,
      build: (context, images) => base.build(new AdaptedContext(context, weights, options.rank), images),
    };
    const optimizer = createOptimizer(optimizerConfig.parse({ kind: 'adamw', weightDecay: 0.01 }));
    const target = await trainingTarget('cpu');
    const graphFor = (shape: string) =>
      trainingGraph(lineLoss(network, parseBatchShape(shape)), { optimizer, target, clipNorm, averaging: true });
    // Any shape will do to lay out the state; this one is small.
    const { seed, threads } = options;
    const session = await TrainingSession.open(graphFor(`1×${batchShape.widthStep}×1`), optimizer, {
      seed,
      threads,
      averagingDecay,
      graphFor,
    });
    return new AdapterTrainer(network, alphabet, session, options);
  }

  /**
   * What is learned from the sets in so many steps; the same seed gives the same numbers. Throws TRAINING_DIVERGED, INVALID_ARGUMENT where
   * there is nothing to learn from, or the signal's reason.
   */
  async learn(
    sets: readonly LineLoaderSet[],
    { steps, learningRate }: Pick<AdapterRecipe, 'steps' | 'learningRate'>,
    { signal, onStep }: { readonly signal?: AbortSignal; readonly onStep?: (step: number) => void } = {},
  ): Promise<Map<string, Float32Array>> {
    this.#session.restore(this.#fresh);
    const schedule: Schedule = { kind: 'cosine', learningRate, warmUpSteps: Math.min(warmUpSteps, steps - 1) };
    const source = lineBatches(sets, this.#network, {
      shape: batchShape,
      alphabet: this.#alphabet,
      seed: this.#options.seed,
      stretch,
      augment,
      stepsPerEpoch: steps,
      threads: 1,
      chunkLines: 256,
    });
    let step = 0;
    for await (const { inputs, shape } of source.batches(1, 0, 1)) {
      signal?.throwIfAborted();
      await this.#session.step(inputs, step + 1, learningRateAt(schedule, step, steps), shape);
      onStep?.(++step);
    }
    return this.#session.servingWeights();
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}
