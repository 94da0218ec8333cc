import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { lockFolder } from '../files/lock-folder.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import { Random } from '../random/random.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { Callback, EpochReport, JsonValue, StepReport, TrainingControl } from './callback.ts';
import { readLatestCheckpoint, saveCheckpoint } from './checkpoint.ts';
import type { CheckpointMeta } from './checkpoint-format.ts';
import { configDifferences } from './config-differences.ts';
import { encodeSafetensors } from '../files/safetensors.ts';
import { learningRateAt, type Schedule } from './schedules.ts';
import type { FirstReplica } from './replicas/first-replica.ts';
import type { TrainingSession } from './training-session.ts';

/** One batch as the training graph takes it. */
export interface TrainingBatch {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly items: number;
  readonly waitSeconds: number;
  /** Names the shape of the inputs, where it differs from batch to batch; see `TrainingSessionOptions.graphFor`. */
  readonly shape?: string;
  /** Where several replicas share the batch: the place of this one's first item in all of it. */
  readonly first?: number;
}

/** Where batches come from: a pure function of epoch and position, so that a run can resume anywhere. */
export interface BatchSource {
  readonly stepsPerEpoch: number;
  /** All batches from `startBatch` of `epoch` to the end of epoch `lastEpoch`. */
  batches(epoch: number, startBatch: number, lastEpoch: number): AsyncIterable<TrainingBatch>;
}

export interface TrainerOptions {
  /** The folder of the run. A checkpoint in it is taken up again. */
  readonly folder: string;
  readonly epochs: number;
  readonly schedule: Schedule;
  readonly seed: number;
  readonly callbacks: readonly Callback[];
  /** Figures on held-out data for the weights as they would be served. */
  readonly evaluate: (weights: ReadonlyMap<string, Float32Array>) => Promise<Readonly<Record<string, number>>>;
  /** Everything that decides the result: a run can only be resumed with the same. */
  readonly config: unknown;
  /** Seconds between checkpoints; one is also written after each epoch. Default 120. */
  readonly checkpointSeconds?: number;
  /** Gets what the user should know, e.g. that a damaged checkpoint was skipped. */
  readonly onNotice?: (message: string) => void;
  /** This process as the first of several that train together, and what all of them must agree on. */
  readonly together?: { readonly replica: FirstReplica; readonly config: string };
  /** When aborted, the run is saved after the current step. */
  readonly signal?: AbortSignal;
}

export interface TrainingOutcome {
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Why the training ended before its last epoch, if it did. */
  readonly stopped: 'interrupted' | string | undefined;
  /** The last epoch that had a step; 0 where none had. */
  readonly epoch: number;
  readonly step: number;
}

/**
 * Trains until the last epoch, a callback's stop, or the signal; resumes from the newest checkpoint in the folder. Throws
 * FOLDER_IN_USE while another training uses the folder, CHECKPOINT_INVALID for a run with other settings.
 */
export async function train(
  session: TrainingSession,
  source: BatchSource,
  options: TrainerOptions,
): Promise<TrainingOutcome> {
  const unlock = await lockFolder(options.folder);
  try {
    return await new Run(session, source, options).finish();
  } finally {
    await unlock();
  }
}

const INTERRUPTED = 'interrupted';

interface Position {
  /** Optimiser steps done. */
  step: number;
  /** The current epoch, from 1, and the steps done in it. */
  epoch: number;
  stepInEpoch: number;
}

class Run {
  readonly #session: TrainingSession;
  readonly #source: BatchSource;
  readonly #options: TrainerOptions;
  readonly #control: TrainingControl;
  /** The options' `config` as JSON. */
  readonly #config: string;
  readonly #configHash: string;
  #position: Position = { step: 0, epoch: 1, stepInEpoch: 0 };
  #totals: Record<string, number> = {};
  #stopped: string | undefined;
  #savedAt = performance.now();

  constructor(session: TrainingSession, source: BatchSource, options: TrainerOptions) {
    this.#session = session;
    this.#source = source;
    this.#options = options;
    this.#config = JSON.stringify(options.config);
    this.#configHash = createHash('sha256').update(this.#config).digest('hex');
    this.#control = {
      folder: options.folder,
      stop: (reason) => (this.#stopped ??= reason),
      saveWeights: (name) =>
        writeFileAtomic(join(options.folder, `${name}.safetensors`), encodeSafetensors(session.servingWeights())),
    };
  }

  async finish(): Promise<TrainingOutcome> {
    await this.#resume();
    const { together } = this.#options;
    const { signal } = this.#options;
    const start = { ...this.#position, state: this.#session.state };
    const hasBegun = !together || (await together.replica.begin(together.config, start, signal));
    if (!hasBegun) this.#stopped ??= INTERRUPTED;
    try {
      for (const callback of this.#options.callbacks) await callback.onTrainStart?.(this.#control);
      const isOver = this.#stopped !== undefined || this.#position.epoch > this.#options.epochs;
      if (!isOver) await this.#runBatches();
    } finally {
      await together?.replica.end();
      for (const callback of this.#options.callbacks) await callback.onTrainEnd?.(this.#control);
    }
    const { epoch, step, stepInEpoch } = this.#position;
    return {
      weights: this.#session.servingWeights(),
      stopped: this.#stopped,
      epoch: stepInEpoch === 0 ? epoch - 1 : epoch,
      step,
    };
  }

  async #runBatches(): Promise<void> {
    const { epoch, stepInEpoch } = this.#position;
    let before = performance.now();
    for await (const batch of this.#source.batches(epoch, stepInEpoch, this.#options.epochs)) {
      await this.#stepOrSave(batch, before);
      if (this.#position.stepInEpoch === this.#source.stepsPerEpoch) await this.#endEpoch();
      if (this.#options.signal?.aborted) this.#stopped ??= INTERRUPTED;
      if (this.#stopped !== undefined) return await this.#save();
      before = performance.now();
      if (before - this.#savedAt > 1000 * (this.#options.checkpointSeconds ?? 120)) await this.#save();
    }
  }

  /** Where another replica is lost, nothing of the steps before is. */
  async #stepOrSave(batch: TrainingBatch, before: number): Promise<void> {
    try {
      await this.#step(batch, before);
    } catch (error) {
      if (error instanceof TextRecognizerError && error.code === 'REPLICA_LOST') await this.#save();
      throw error;
    }
  }

  async #step(batch: TrainingBatch, before: number): Promise<void> {
    const position = this.#position;
    const learningRate = learningRateAt(this.#options.schedule, position.step, this.#totalSteps);
    const result = await this.#session.step(batch.inputs, position.step + 1, learningRate, batch.shape, batch);
    const { loss, gradientNorm, metrics, items = batch.items } = result;
    position.step++;
    position.stepInEpoch++;
    const seconds = (performance.now() - before) / 1000 + batch.waitSeconds;
    this.#add({ items, lossSum: loss * items, seconds, waitSeconds: batch.waitSeconds, ...metrics });
    const { epochs } = this.#options;
    const { stepsPerEpoch } = this.#source;
    const report: StepReport = {
      ...position,
      epochs,
      stepsPerEpoch,
      totalSteps: this.#totalSteps,
      loss,
      learningRate,
      gradientNorm,
      items,
      seconds,
      waitSeconds: batch.waitSeconds,
    };
    for (const callback of this.#options.callbacks) await callback.onStepEnd?.(report, this.#control);
  }

  async #endEpoch(): Promise<void> {
    const { items, lossSum, seconds, waitSeconds, ...sums } = this.#totals;
    const { epochs } = this.#options;
    const { epoch, step } = this.#position;
    const means = Object.entries(sums).map(
      ([name, sum]) => [name === 'correct' ? 'accuracy' : name, sum / items] as const,
    );
    const evaluated = await this.#options.evaluate(this.#session.servingWeights());
    const metrics = {
      loss: lossSum / items,
      ...Object.fromEntries(means),
      ...evaluated,
      itemsPerSecond: items / seconds,
      waitSeconds,
    };
    const report: EpochReport = { epoch, epochs, step, seconds, metrics };
    this.#position = { step, epoch: epoch + 1, stepInEpoch: 0 };
    this.#totals = {};
    for (const callback of this.#options.callbacks) await callback.onEpochEnd?.(report, this.#control);
    await this.#save();
  }

  #add(amounts: Readonly<Record<string, number>>): void {
    for (const [name, amount] of Object.entries(amounts)) this.#totals[name] = (this.#totals[name] ?? 0) + amount;
  }

  get #totalSteps(): number {
    return this.#options.epochs * this.#source.stepsPerEpoch;
  }

  async #save(): Promise<void> {
    const { schedule, seed, callbacks, folder } = this.#options;
    const states = callbacks.flatMap((callback) =>
      callback.state ? [[callback.name, callback.state()] as const] : [],
    );
    await saveCheckpoint(folder, {
      tensors: this.#session.state,
      meta: {
        ...this.#position,
        totalSteps: this.#totalSteps,
        schedule,
        randomState: [...new Random(seed).state],
        epochTotals: this.#totals,
        // An interrupted run continues, one that a callback ended does not.
        stopped: this.#stopped === INTERRUPTED ? undefined : this.#stopped,
        callbacks: Object.fromEntries(states),
        configHash: this.#configHash,
        config: JSON.parse(this.#config) as JsonValue,
      },
    });
    this.#savedAt = performance.now();
    for (const callback of callbacks) await callback.onCheckpoint?.(this.#control);
  }

  async #resume(): Promise<void> {
    const latest = await readLatestCheckpoint(this.#options.folder);
    if (!latest) return;
    const { checkpoint, passedOver } = latest;
    for (const error of passedOver) this.#options.onNotice?.(`Going on from an earlier checkpoint: ${error.message}`);
    const { step, epoch, stepInEpoch, epochTotals, stopped, callbacks } = checkpoint.meta;
    this.#requireSameConfig(checkpoint.meta);
    this.#session.restore(checkpoint.tensors);
    this.#position = { step, epoch, stepInEpoch };
    this.#totals = { ...epochTotals };
    this.#stopped = stopped;
    for (const callback of this.#options.callbacks) {
      if (callback.name in callbacks) callback.restore?.(callbacks[callback.name]);
    }
  }

  #requireSameConfig({ configHash, config, totalSteps }: CheckpointMeta): void {
    if (configHash === this.#configHash && totalSteps === this.#totalSteps) return;
    const now = JSON.parse(this.#config) as object;
    // Without the checkpoint's own settings, only the number of steps can be compared.
    const differences =
      config === undefined
        ? configDifferences({ totalSteps }, { totalSteps: this.#totalSteps })
        : configDifferences({ ...(config as object), totalSteps }, { ...now, totalSteps: this.#totalSteps });
    const which = differences.length === 0 ? '' : ` (${differences.join('; ')})`;
    throw new TextRecognizerError(
      'CHECKPOINT_INVALID',
      `The checkpoint in ${this.#options.folder} is of a run with another configuration${which}: resume with the same one, or choose a new folder.`,
    );
  }
}
