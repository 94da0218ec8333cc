import { TextRecognizerError } from '../../errors.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { RunSummary, Setting } from './run-summary.ts';

/** Fields that every run has. */
const fields: Readonly<Record<string, (run: RunSummary) => Setting | undefined>> = {
  run: ({ id }) => id,
  group: ({ group }) => group,
  model: ({ model }) => model,
  kind: ({ kind }) => kind,
  network: ({ network }) => network,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  started: ({ started }) => started,
  updated: ({ updated }) => updated,
  seconds: secondsOf,
  epoch: ({ log }) => log.epoch,
  epochs: ({ log }) => log.epochs,
  step: ({ log }) => log.step,
  seed: ({ settings }) => settings['training.seed'],
  copiedFrom: ({ record }) => record?.copies?.at(-1)?.from,
  commit: ({ record }) => record?.commits.at(-1)?.slice(0, 12),
};

/**
 * A field of a run by its name: one that every run has, a metric at its best epoch, a setting (`training.seed`), or a figure of the finished
 * model (`validation.cer`); undefined where the run has none. `last.METRIC` is a metric after the last epoch.
 */
export function runValue(run: RunSummary, name: string): Setting | undefined {
  if (Object.hasOwn(fields, name)) return fields[name](run);
  if (name.startsWith('last.')) return own(run.log.metrics, name.slice('last.'.length))?.last;
  return bestOf(run, name)?.value ?? own(run.settings, name) ?? own(run.figures, name);
}

/** Names of all fields that some of the runs have, by kind, in alphabetical order. */
export function fieldNames(runs: readonly RunSummary[]): {
  readonly metrics: readonly string[];
  readonly settings: readonly string[];
  readonly figures: readonly string[];
} {
  return {
    metrics: namesOf(runs.map(({ log }) => log.metrics)),
    settings: namesOf(runs.map(({ settings }) => settings)),
    figures: namesOf(runs.map(({ figures }) => figures)),
  };
}

/** Throws INVALID_ARGUMENT, with all names, where a name is no field of any of the runs; where there are no runs, any name will do. */
export function requireFields(runs: readonly RunSummary[], wanted: readonly string[]): void {
  const missing = wanted.find((name) => !Object.hasOwn(fields, name) && !runs.some((run) => hasField(run, name)));
  if (missing === undefined || runs.length === 0) return;
  const { metrics, settings, figures } = fieldNames(runs);
  const known = [...Object.keys(fields), ...metrics, ...settings, ...figures].join(', ');
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `None of the ${runs.length} runs has a '${missing}'; there are ${known}, and last.METRIC of each metric.`,
  );
}

function hasField({ log, settings, figures }: RunSummary, name: string): boolean {
  if (name.startsWith('last.')) return Object.hasOwn(log.metrics, name.slice('last.'.length));
  return [log.metrics, settings, figures].some((record) => Object.hasOwn(record, name));
}

/** A metric's best value and its epoch; undefined where it was never a finite number. */
export function bestOf(run: RunSummary, metric: string): { value: number; epoch: number } | undefined {
  const range = own(run.log.metrics, metric);
  if (range === undefined || range.min === null || range.max === null) return undefined;
  const isLess = modeOf(metric, run) === 'min';
  return isLess ? { value: range.min, epoch: range.minEpoch } : { value: range.max, epoch: range.maxEpoch };
}

/** Whether less or more of a metric is better: as the run says, otherwise as its name tells. */
export function modeOf(metric: string, run?: Pick<RunSummary, 'monitor'>): Monitor['mode'] {
  if (run?.monitor?.metric === metric) return run.monitor.mode;
  return /accuracy|precision|recall|f1|iou|perSecond/i.test(metric) ? 'max' : 'min';
}

function secondsOf({ started, updated }: RunSummary): number | undefined {
  return started === undefined || updated === undefined
    ? undefined
    : Math.round((Date.parse(updated) - Date.parse(started)) / 1000);
}

/** Names such as `constructor` are no metric. */
function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function namesOf(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = new Set<string>();
  for (const record of records) for (const name in record) names.add(name);
  return [...names].sort();
}
