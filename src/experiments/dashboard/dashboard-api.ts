import type { FieldOfRuns, RunComparison } from '../tracking/compare-runs.ts';
import type { RunState, RunSummary, Setting } from '../tracking/run-summary.ts';
import type { SettingImportance } from './importance.ts';
import type { Curve } from './series.ts';

/*
 * What the page asks and gets, all below /api, all with GET: `runs`, `columns`, `run`, `series`, `compare`, `importance`, `groups`,
 * `predictions` and `file`.
 */

/** A row of the table: the values of the columns that were asked for, in their order. */
export interface RunRow {
  readonly id: string;
  readonly state: RunState;
  readonly values: readonly (Setting | undefined)[];
}

export interface RunsAnswer {
  /** Another number than before: runs have changed. */
  readonly version: number;
  /** All runs, and those that fulfil the conditions. */
  readonly total: number;
  readonly selected: number;
  readonly rows: readonly RunRow[];
  /** What there is to show, sort by and filter by. */
  readonly metrics: readonly string[];
  readonly settings: readonly string[];
  readonly figures: readonly string[];
}

/** One list of values for each field, of all runs that fulfil the conditions. */
export interface ColumnsAnswer {
  readonly ids: readonly string[];
  readonly columns: readonly FieldOfRuns[];
}

export interface RunAnswer {
  readonly run: RunSummary;
  /** Drawings and reports in its folder. */
  readonly files: readonly string[];
}

export interface SeriesAnswer {
  /** All curves that the run has. */
  readonly names: readonly string[];
  readonly curves: Readonly<Record<string, Curve>>;
}

export interface CompareAnswer extends RunComparison {
  readonly ids: readonly string[];
}

export interface ImportanceAnswer {
  readonly metric: string;
  readonly importances: readonly SettingImportance[];
}

/** How far a group of runs has come. */
export interface GroupProgress {
  readonly group: string;
  readonly runs: number;
  readonly states: Readonly<Record<RunState, number>>;
  /** Share of all epochs that are done. */
  readonly done: number;
  readonly metric: string | undefined;
  readonly best: { readonly id: string; readonly value: number } | undefined;
  /** The best value of the metric so far, after each run in the order in which they were last heard of. */
  readonly bestSoFar: readonly number[];
}

/** What a model read after each epoch in a few held-out pictures. */
export interface PredictionsAnswer {
  readonly items: readonly { readonly image: string; readonly text: string }[];
  readonly epochs: readonly { readonly epoch: number; readonly predicted: readonly string[] }[];
}
