import uPlot from 'uplot';
import type { GroupProgress } from '../../../src/experiments/dashboard/dashboard-api.ts';
import { element, make } from '../../src/element.ts';
import { ask } from './ask.ts';
import { colorOf } from './colors.ts';
import { formatValue } from './format.ts';

/** More rows than these help nobody. */
const MOST_GROUPS = 100;

/** Shows how far each group of runs has come. */
export async function showGroups(): Promise<void> {
  const groups = await ask<readonly GroupProgress[]>('groups');
  const head = ['group', 'done', 'running', 'finished', 'stopped', 'failed', 'best so far', 'run'].map((name) => {
    const cell = make('th', '', name);
    cell.scope = 'col';
    return cell;
  });
  const rows = groups.slice(0, MOST_GROUPS).map(rowOf);
  const table = element('groups-table', HTMLTableElement);
  table.replaceChildren(make('thead', '', make('tr', '', ...head)), make('tbody', '', ...rows));
}

function rowOf({ group, runs, states, done, metric, best, bestSoFar }: GroupProgress): HTMLElement {
  const name = make('th', 'run', group === '.' ? '(no group)' : group);
  name.scope = 'row';
  const progress = make('progress', '');
  progress.max = 1;
  progress.value = done;
  progress.ariaLabel = `${group}: ${Math.round(100 * done)} % done`;
  const figure = best === undefined ? '' : `${metric} ${formatValue(best.value)} `;
  return make(
    'tr',
    '',
    name,
    make('td', '', progress, ` ${Math.round(100 * done)} % of ${runs}`),
    ...[states.running, states.finished, states.stopped, states.failed].map((count) =>
      make('td', 'number', String(count)),
    ),
    make('td', '', figure, ...sparkline(bestSoFar)),
    make('td', 'run', best?.id ?? ''),
  );
}

function sparkline(values: readonly number[]): HTMLElement[] {
  if (values.length < 2) return [];
  const box = make('span', 'sparkline');
  box.ariaHidden = 'true';
  const options: uPlot.Options = {
    width: 120,
    height: 28,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false } },
    axes: [{ show: false }, { show: false }],
    series: [{}, { stroke: colorOf(0), width: 1.5, points: { show: false } }],
  };
  const plot = new uPlot(options, [values.map((_, i) => i), [...values]]);
  box.append(plot.root);
  return [box];
}
