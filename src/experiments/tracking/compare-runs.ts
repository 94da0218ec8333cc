import type { RunSummary, Setting } from './run-summary.ts';
import { fieldNames, runValue } from './run-value.ts';

/** A field and its value in each run, in their order; undefined where a run has none. */
export interface FieldOfRuns {
  readonly field: string;
  readonly values: readonly (Setting | undefined)[];
}

export interface RunComparison {
  /** Settings that are not the same in all runs. */
  readonly settings: readonly FieldOfRuns[];
  /** All metrics, each at its best epoch. */
  readonly metrics: readonly FieldOfRuns[];
  readonly figures: readonly FieldOfRuns[];
  /** What the runs were made with, where it differs. */
  readonly environment: readonly FieldOfRuns[];
}

/** In what runs differ, and what came of it. */
export function compareRuns(runs: readonly RunSummary[]): RunComparison {
  const names = fieldNames(runs);
  const rows = (fields: readonly string[]) => fields.map((field) => row(field, (run) => runValue(run, field)));
  const row = (field: string, valueOf: (run: RunSummary) => Setting | undefined): FieldOfRuns => ({
    field,
    values: runs.map(valueOf),
  });
  const software = [...new Set(runs.flatMap(({ record }) => Object.keys(record?.software ?? {})))];
  return {
    settings: names.settings.map((field) => row(field, ({ settings }) => settings[field])).filter(differs),
    metrics: rows(names.metrics),
    figures: rows(names.figures),
    environment: [
      row('commit', (run) => runValue(run, 'commit')),
      ...software.map((name) => row(name, ({ record }) => record?.software[name])),
      row('processor', ({ record }) => record?.machine?.processor),
      row('cores', ({ record }) => record?.machine?.cores),
    ].filter(differs),
  };
}

function differs({ values }: FieldOfRuns): boolean {
  return values.some((value) => value !== values[0]);
}
