/** What the trainer tells after each optimiser step. */
export interface StepReport {
  /** Optimiser steps done since the very beginning, from 1; continues after a resume. */
  readonly step: number;
  readonly totalSteps: number;
  /** Epochs count from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Norm of the whole gradient before clipping. */
  readonly gradientNorm: number;
  /** Items (images) in this batch. */
  readonly items: number;
  /** Seconds that the whole step took. */
  readonly seconds: number;
  /** Seconds of these that were spent waiting for the next batch. */
  readonly waitSeconds: number;
}

/** What the trainer tells after each epoch. */
export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly seconds: number;
  /** Named figures, e.g. `loss`, `valLoss`, `valAccuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What a callback may do to the run. */
export interface TrainingControl {
  /** The folder of this run, for logs, plots and checkpoints. */
  readonly folder: string;
  /** Ends the training after the current step or epoch; `reason` is shown to the user. */
  stop(reason: string): void;
  /** Writes the weights as they are now (the averaged ones, where the run averages) to `NAME.safetensors` in the run folder. */
  saveWeights(name: string): Promise<void>;
}

/** JSON that a checkpoint can hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Something that watches or steers a training; one per file in `callbacks/`. */
export interface Callback {
  readonly name: string;
  onTrainStart?(control: TrainingControl): void | Promise<void>;
  onStepEnd?(report: StepReport, control: TrainingControl): void | Promise<void>;
  onEpochEnd?(report: EpochReport, control: TrainingControl): void | Promise<void>;
  /** Once the training could resume from here. */
  onCheckpoint?(control: TrainingControl): void | Promise<void>;
  onTrainEnd?(control: TrainingControl): void | Promise<void>;
  /** What must survive a restart (patience left, best value so far …); saved in every checkpoint. */
  state?(): JsonValue;
  restore?(state: JsonValue): void;
}
