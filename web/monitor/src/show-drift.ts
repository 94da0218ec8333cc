import type { DashboardAnswer, Distributions, ModelAnswer } from '../../../src/server/monitoring/dashboard-answer.ts';
import type { SignalDrift } from '../../../src/server/monitoring/drift-report.ts';
import { element, make } from '../../src/element.ts';
import { formatValue } from '../../dashboard/src/format.ts';
import { lineChart } from './line-chart.ts';

/** The least room around a distribution, in bins. */
const MARGIN = 2;

/** A card for each signal: its drift against its threshold over time, and the reference beside the latest requests. */
export function showDrift({ times }: DashboardAnswer, { report, history, distributions }: ModelAnswer): void {
  const byName: Readonly<Record<string, Distributions | undefined>> = distributions;
  const cards = report.signals.map((signal) =>
    cardOf(signal, times, history.drift[signal.signal] ?? [], byName[signal.signal]),
  );
  element('drift', HTMLDivElement).replaceChildren(...cards);
}

function cardOf(
  { signal, statistic, value, threshold, window, mean, referenceMean }: SignalDrift,
  times: readonly number[],
  values: readonly (number | null)[],
  distributions: Distributions | undefined,
): HTMLElement {
  const isBeyond = value > threshold;
  const width = Math.min(340, element('answer', HTMLDivElement).clientWidth) - 22;
  const lines = [
    { label: 'by its threshold', values },
    { label: 'threshold', values: times.map(() => 1), isDashed: true },
  ];
  const over = lineChart({ width, height: 120, x: times, isTime: true, lines, label: `${signal} over time` });
  const means =
    mean === undefined || referenceMean === undefined
      ? ''
      : `; mean ${formatValue(mean)}, of the reference ${formatValue(referenceMean)}${unitOf(distributions)}`;
  const said = `${statistic} ${formatValue(value)}, threshold ${formatValue(threshold)}, ${window} requests${means}`;
  return make(
    'figure',
    isBeyond ? 'card beyond' : 'card',
    make('figcaption', '', isBeyond ? `${signal}: beyond its threshold` : signal),
    make('p', 'note', said),
    over,
    ...(distributions === undefined ? [] : [distributionChart(signal, distributions, width)]),
  );
}

function unitOf(distributions: Distributions | undefined): string {
  return distributions === undefined || distributions.unit === 'ratio' ? '' : ` ${distributions.unit}`;
}

/** Only the bins that have something, by their place. */
function distributionChart(signal: string, { middles, reference, current }: Distributions, width: number): HTMLElement {
  const filled = middles.flatMap((_, bin) => (reference[bin] + current[bin] > 0 ? [bin] : []));
  const from = Math.max(0, filled[0] - MARGIN);
  const to = Math.min(middles.length, filled[filled.length - 1] + MARGIN + 1);
  const cut = (values: readonly number[]): number[] => values.slice(from, to);
  return lineChart({
    width,
    height: 110,
    x: cut(middles),
    lines: [
      { label: 'latest requests', values: cut(current) },
      { label: 'reference', values: cut(reference), isDashed: true },
    ],
    label: `Distribution of ${signal}: reference and latest requests`,
  });
}
