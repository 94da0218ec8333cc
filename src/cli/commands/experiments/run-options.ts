import { Option } from 'commander';
import { parseCondition, type Condition } from '../../../experiments/tracking/select-runs.ts';
import type { Setting } from '../../../experiments/tracking/run-summary.ts';
import { formatFigure } from '../../../report/format-figure.ts';
import { argumentOf } from '../../options.ts';

/** `--root`, of commands that look at runs. */
export function rootOption(): Option {
  return new Option('--root <folder>', 'the folder that all runs are in').default('runs');
}

/** `--where`, several times. */
export function whereOption(): Option {
  const parse = argumentOf(parseCondition);
  return new Option(
    '--where <condition>',
    "only runs that satisfy it, e.g. 'valCer<0.1'; may be given several times",
  ).argParser((text: string, before: readonly Condition[] | undefined) => [...(before ?? []), parse(text)]);
}

/** A value of a run as a cell of a table. */
export function formatValue(value: Setting | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return formatFigure(value);
  const time = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\.\d{3}Z$/.exec(String(value));
  return time ? `${time[1]} ${time[2]}` : String(value);
}
