import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import type { Callback, EpochReport, JsonValue, StepReport, TrainingControl } from '../callback.ts';
import { EventFile } from '../tensorboard/event-file.ts';
import { checkCount } from './check-option.ts';
import { restoredState } from './restored-state.ts';

export interface TensorBoardOptions {
  /** Steps from one set of figures to the next; default 10. */
  readonly everySteps?: number;
  /** PNG files to show after each epoch, e.g. samples with what the network reads in them. */
  readonly images?: (report: EpochReport) => Promise<readonly TaggedPng[]>;
}

export interface TaggedPng {
  readonly tag: string;
  readonly png: Uint8Array;
}

const stateSchema = z.strictObject({ step: z.int().nonnegative() });

/** Writes event files into the run folder; `tensorboard --logdir RUNS` shows them, live. */
export class TensorBoard implements Callback {
  readonly name = 'tensorboard';
  readonly #options: TensorBoardOptions;
  readonly #everySteps: number;
  #file: EventFile | undefined;
  #step = 0;

  constructor(options: TensorBoardOptions = {}) {
    this.#options = options;
    this.#everySteps = options.everySteps ?? 10;
    checkCount(this.name, 'everySteps', this.#everySteps);
  }

  onTrainStart(control: TrainingControl): void {
    this.#file = new EventFile(control.folder, this.#step + 1);
  }

  onStepEnd(report: StepReport): void {
    this.#step = report.step;
    if (report.step % this.#everySteps !== 0) return;
    this.scalars(report.step, {
      'step/loss': report.loss,
      'step/learningRate': report.learningRate,
      'step/gradientNorm': report.gradientNorm,
      'step/itemsPerSecond': report.items / report.seconds,
      'step/waitShare': report.waitSeconds / report.seconds,
    });
  }

  async onEpochEnd(report: EpochReport): Promise<void> {
    const metrics = Object.entries(report.metrics).map(([name, value]) => [`epoch/${name}`, value]);
    this.scalars(report.step, Object.fromEntries(metrics));
    for (const { tag, png } of (await this.#options.images?.(report)) ?? []) {
      this.#openFile().image(report.step, tag, png);
    }
  }

  onTrainEnd(): void {
    // Where the training could not start, there is nothing to close.
    this.#file?.close();
    this.#file = undefined;
  }

  /** Numbers of the caller's own, by tag; only between the training's start and its end. */
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    this.#openFile().scalars(step, values);
  }

  state(): JsonValue {
    return { step: this.#step };
  }

  restore(state: JsonValue): void {
    this.#step = restoredState(this.name, stateSchema, state).step;
  }

  #openFile(): EventFile {
    if (this.#file !== undefined) return this.#file;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      'The event file is open only from the start to the end of a training: write to it from a callback.',
    );
  }
}
