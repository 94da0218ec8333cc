import type { DashboardAnswer, ModelAnswer } from '../../../src/server/monitoring/dashboard-answer.ts';
import { element, make } from '../../src/element.ts';
import { type Line, legendOf, lineChart } from './line-chart.ts';

/** Requests, their outcomes and how long they took, by the minute. */
export function showTraffic({ times, requests, refused, failed, median, p95 }: DashboardAnswer): void {
  const box = element('traffic', HTMLDivElement);
  box.replaceChildren(
    timeFigure('Requests a minute', times, [
      { label: 'requests', values: requests },
      { label: 'refused (4xx)', values: refused },
      { label: 'failed (5xx)', values: failed },
    ]),
    timeFigure('Seconds from arrival to answer', times, [
      { label: 'median', values: median },
      { label: '95th percentile', values: p95 },
    ]),
  );
}

/** Readings of a model, their confidence, and the errors that they are expected to have. */
export function showReadings(times: readonly number[], { history }: ModelAnswer): void {
  const { rate, low, high } = history.expectedErrors;
  element('readings', HTMLDivElement).replaceChildren(
    timeFigure('Readings a minute', times, [{ label: 'readings', values: history.readings }]),
    timeFigure('Mean confidence', times, [{ label: 'confidence', values: history.confidence }]),
    timeFigure('Expected character error rate', times, [
      { label: 'expected', values: rate },
      { label: 'low end of its 95 % interval', values: low },
      { label: 'high end', values: high },
    ]),
  );
}

function timeFigure(title: string, x: readonly number[], lines: readonly Line[]): HTMLElement {
  const width = Math.min(448, element('answer', HTMLDivElement).clientWidth);
  const chart = lineChart({ width, height: 200, x, isTime: true, lines, label: title });
  return make('figure', '', make('figcaption', '', title), legendOf(lines), chart);
}
