import type { CompareAnswer } from '../../../src/experiments/dashboard/dashboard-api.ts';
import type { FieldOfRuns } from '../../../src/experiments/tracking/compare-runs.ts';
import { element, make } from '../../src/element.ts';
import { ask } from './ask.ts';
import { formatValue } from './format.ts';

/** Shows in what runs differ, a column for each. */
export async function showDifferences(runs: readonly string[]): Promise<void> {
  const { ids, settings, metrics, figures, environment } = await ask<CompareAnswer>('compare', { id: runs });
  const head = make('thead', '', make('tr', '', make('td', ''), ...ids.map((id) => columnHead(id))));
  const bodies = [
    part('Settings that differ', settings, ids.length),
    part('Metrics, each at its best epoch', metrics, ids.length),
    part('Figures of the models', figures, ids.length),
    part('Made with', environment, ids.length),
  ];
  element('differences-table', HTMLTableElement).replaceChildren(head, ...bodies.flat());
}

function columnHead(text: string): HTMLElement {
  const cell = make('th', 'run', text);
  cell.scope = 'col';
  return cell;
}

function part(title: string, fields: readonly FieldOfRuns[], runs: number): HTMLElement[] {
  if (fields.length === 0) return [];
  const heading = make('th', 'part', title);
  heading.scope = 'rowgroup';
  heading.colSpan = runs + 1;
  return [make('tbody', '', make('tr', '', heading), ...fields.map(rowOf))];
}

function rowOf({ field, values }: FieldOfRuns): HTMLElement {
  const name = make('th', '', field);
  name.scope = 'row';
  return make('tr', '', name, ...values.map((value) => make('td', 'number', formatValue(value))));
}
