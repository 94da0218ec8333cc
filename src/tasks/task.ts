import type { z } from 'zod';
import type { BadFileOptions } from '../datasets/sources/bad-files.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import type { Network } from '../networks/network.ts';
import type { Session } from '../runtime/session.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { TextRules } from '../text/constraints/text-rules.ts';
import type { Monitor } from '../training/callbacks/monitor.ts';
import type { Trainable } from '../training/fit.ts';
import type { Experiment } from './experiment-schema.ts';
import type { Samples } from './samples.ts';

/**
 * What can be learned: characters, lines, … One folder has all that is known of a task only; `runExperiment` does the rest. See
 * docs/tasks.md.
 */
export interface Task<E extends Experiment, Calibration, Evaluation> {
  /** As experiments and `model.json` name it. */
  readonly kind: ModelManifest['kind'];
  /** What an experiment file may say; made with `experimentSchema`. */
  readonly schema: z.ZodType<E>;
  /** What the best epoch, and the best of several runs, are chosen by. */
  readonly monitor: Monitor;
  /** Throws INVALID_ARGUMENT where there is no network of that name, or its configuration does not fit. */
  checkNetwork(network: Experiment['network']): void;
  /** The experiment with other data sets to train on: what `--data` does. */
  withData(experiment: E, names: readonly string[]): E;
  /**
   * Opens the data of all stages of a recipe, test sets first, and makes their networks: whatever is wrong is thrown before
   * anything long has begun.
   */
  open(stages: readonly E[], options: OpenOptions): Promise<readonly Learner<Calibration, Evaluation>[]>;
  /** One line for the user. */
  summary(evaluation: Evaluation): string;
  /** Compares a saved model with a data set: the command `evaluate`. */
  evaluateModel(manifest: ModelManifest, session: Session, options: EvaluateModelOptions): Promise<ModelEvaluation>;
}

/** Where a task finds its data. */
export interface OpenOptions extends BadFileOptions {
  readonly dataRoot: string;
  /** Data sets to report on, beside what is held out of the training. */
  readonly test?: readonly string[];
}

/** A network of one task with its data, ready to be trained, calibrated, evaluated and saved. */
export interface Learner<Calibration, Evaluation> extends Trainable {
  readonly network: Network;
  /** What the best epoch is chosen by. */
  readonly monitor: Monitor;
  /** What it is trained on, for the card. */
  readonly trainedOn: readonly TrainedOn[];
  /** Left out where what is read cannot be said in a line of text. */
  readonly samples?: Samples;
  /** Fits confidences (and what else is fitted after training) to held-out data. */
  calibrate(session: Session): Promise<Calibration>;
  /** Measures a calibrated model on all that is held out and all test sets, by name. */
  evaluate(session: Session, calibration: Calibration): Promise<Readonly<Record<string, Evaluation>>>;
  /** The ONNX file that ships, which may hold the calibration. */
  calibratedGraph(weights: ReadonlyMap<string, Float32Array>, calibration: Calibration, name: string): Uint8Array;
  /** What `model.json` says of an evaluation. */
  figures(evaluation: Evaluation): Readonly<Record<string, number>>;
  /** What only manifests of this task say. */
  manifest(weights: ReadonlyMap<string, Float32Array>, calibration: Calibration): Readonly<Record<string, unknown>>;
  /** Writes drawings and reports of the test sets into the folder of the run. */
  report(evaluations: Readonly<Record<string, Evaluation>>, options: ReportOptions): Promise<void>;
}

/** A data set of the training. */
export interface TrainedOn {
  readonly name: string;
  readonly length: number;
  /** `unknown` rather than guessed. */
  readonly licence: string;
}

export interface ReportOptions {
  /** The name of the model. */
  readonly model: string;
  readonly folder: string;
  /** SVG of the metrics over the epochs, where there were any. */
  readonly curves?: string;
}

export interface EvaluateModelOptions extends BadFileOptions {
  readonly data: string;
  readonly dataRoot: string;
  /** Default: what the model decodes with. */
  readonly decoder?: LineDecoder;
  /** The file of the language model; default the bundled one. */
  readonly languageModel?: string;
  /** What is known of every line. */
  readonly rules?: TextRules;
}

/** Errors in what was read of one item, of as many characters as are written there. */
export interface ItemErrors {
  readonly errors: number;
  readonly length: number;
}

/** What a saved model achieves on a data set, as the command shows it. */
export interface ModelEvaluation {
  readonly title: string;
  /** What `--json` prints. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly rows: readonly (readonly [label: string, value: string])[];
  /** What each item was read with, in the order of the data set: two models are compared by it. */
  readonly items: readonly ItemErrors[];
  /** The confusion matrix as SVG. */
  readonly confusion?: () => string;
  /** A report with examples as HTML. */
  readonly report?: () => Promise<string>;
}
