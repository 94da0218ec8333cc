import { TextRecognizerError } from '../../errors.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { RunSummary } from './run-summary.ts';
import { fieldNames, modeOf, runValue } from './run-value.ts';

export interface BestOptions {
  /** A metric or a figure of finished models; default what the runs choose their best epoch by. */
  readonly metric?: string;
  /** Default as the runs say, otherwise as the name tells. */
  readonly mode?: Monitor['mode'];
}

export interface RankedRun {
  readonly run: RunSummary;
  readonly value: number;
}

/** Runs by a metric, the best first, without those that have no number there; throws INVALID_ARGUMENT where none has. */
export function rankRuns(
  runs: readonly RunSummary[],
  options: BestOptions = {},
): {
  readonly metric: string;
  readonly ranking: readonly RankedRun[];
} {
  const metric = options.metric ?? commonMonitor(runs);
  const mode =
    options.mode ??
    modeOf(
      metric,
      runs.find(({ monitor }) => monitor?.metric === metric),
    );
  const ranking = runs.flatMap((run) => {
    const value = runValue(run, metric);
    return typeof value === 'number' ? [{ run, value }] : [];
  });
  if (ranking.length === 0) throw unknownMetric(runs, metric);
  return { metric, ranking: ranking.sort((a, b) => (mode === 'min' ? a.value - b.value : b.value - a.value)) };
}

function commonMonitor(runs: readonly RunSummary[]): string {
  const metrics = [...new Set(runs.flatMap(({ monitor }) => monitor?.metric ?? []))];
  if (metrics.length === 1) return metrics[0];
  const found = metrics.length === 0 ? 'say no metric to go by' : `go by ${metrics.join(' and ')}`;
  throw new TextRecognizerError('INVALID_ARGUMENT', `The ${runs.length} runs ${found}: name one with --metric.`);
}

function unknownMetric(runs: readonly RunSummary[], metric: string): TextRecognizerError {
  const { metrics, figures } = fieldNames(runs);
  const known = [...metrics, ...figures].join(', ') || 'none yet';
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `None of the ${runs.length} runs has a '${metric}'; there are ${known}.`,
  );
}
