import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { RunRecord } from '../run-record.ts';
import type { LogPosition } from './follow-log.ts';

/** A setting of an experiment, by its path: `training.optimizer.learningRate`. */
export type Setting = string | number | boolean | null;

export const runStates = ['running', 'finished', 'stopped', 'failed'] as const;
export type RunState = (typeof runStates)[number];

/** A metric over the epochs so far; null where it was never, or not at last, a finite number. */
export interface MetricRange {
  readonly last: number | null;
  readonly min: number | null;
  readonly minEpoch: number;
  readonly max: number | null;
  readonly maxEpoch: number;
}

/** What a `metrics.jsonl` says in short, and how far it was read. */
export interface LogDigest extends LogPosition {
  /** ISO 8601, of the first line and of the last. */
  firstTime?: string;
  lastTime?: string;
  step: number;
  totalSteps: number;
  /** Epochs done, of how many. */
  epoch: number;
  epochs: number;
  metrics: Record<string, MetricRange>;
}

/** What the index knows of a run. */
export interface RunSummary {
  /** The folder below the root of all runs, with slashes: what a run is called on the command line. */
  readonly id: string;
  /** The folder above it, `.` for the root: runs of one group lie in one folder. */
  readonly group: string;
  /** The name of the model that comes out. */
  readonly model: string;
  readonly kind: string;
  readonly network: string;
  readonly state: RunState;
  /** Why it failed, or ended before its last epoch. */
  readonly reason?: string;
  /** ISO 8601. */
  readonly started?: string;
  readonly updated?: string;
  /** Those that have begun, the last of which `settings` and `log` are of; empty for a run of one training. */
  readonly stages: readonly string[];
  readonly settings: Readonly<Record<string, Setting>>;
  readonly log: Readonly<LogDigest>;
  /** Of the finished model: `validation.cer`. */
  readonly figures: Readonly<Record<string, number>>;
  /** What the best epoch is chosen by, where the run says it. */
  readonly monitor?: Monitor;
  readonly record?: RunRecord;
  /** Sizes and times of the files that this was read from. */
  readonly signature: string;
}
