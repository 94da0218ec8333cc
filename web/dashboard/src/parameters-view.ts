import type { ColumnsAnswer, ImportanceAnswer, RunsAnswer } from '../../../src/experiments/dashboard/dashboard-api.ts';
import type { SettingImportance } from '../../../src/experiments/dashboard/importance.ts';
import { element, make } from '../../src/element.ts';
import { ask } from './ask.ts';
import { drawAxes } from './parallel-axes.ts';
import { conditions, keepState, state } from './state.ts';

/** Axes beside that of the metric. */
const MOST_AXES = 8;

/** What was asked for last: an answer of before is not shown. */
let asked = 0;

/** Shows which settings go with a metric, and a line for each run through those that matter most. */
export async function showParameters({ metrics, figures }: Pick<RunsAnswer, 'metrics' | 'figures'>): Promise<void> {
  const names = [...metrics, ...figures];
  const metric = names.includes(state.metric ?? '')
    ? state.metric!
    : (names.find((name) => name.startsWith('val')) ?? names[0]);
  showChoice(names, metric);
  if (metric === undefined) return;
  const number = ++asked;
  const where = conditions();
  const { importances } = await ask<ImportanceAnswer>('importance', { where, metric });
  const axes = [...importances.slice(0, MOST_AXES).map(({ setting }) => setting), metric];
  const { ids, columns } = await ask<ColumnsAnswer>('columns', { where, field: axes });
  if (number !== asked) return;
  showImportances(importances);
  drawAxes(element('axes', HTMLDivElement), columns, (count) => {
    element('axes-count', HTMLParagraphElement).textContent = `${count} of ${ids.length} runs`;
  });
}

/** Connects the choice of the metric; to be called once. */
export function startParameters(): void {
  const select = element('metric', HTMLSelectElement);
  select.addEventListener('change', () => {
    state.metric = select.value;
    keepState();
    dispatchEvent(new Event('statechange'));
  });
}

function showChoice(names: readonly string[], metric: string | undefined): void {
  const select = element('metric', HTMLSelectElement);
  const key = names.join('\n');
  if (select.dataset.names !== key) {
    select.replaceChildren(...names.map((name) => new Option(name)));
    select.dataset.names = key;
  }
  if (metric !== undefined) select.value = metric;
}

function showImportances(importances: readonly SettingImportance[]): void {
  const head = ['setting', 'share', 'direction', 'runs'].map((name) => {
    const cell = make('th', '', name);
    cell.scope = 'col';
    return cell;
  });
  const rows = importances.map(({ setting, share, correlation, runs }) => {
    const name = make('th', 'run', setting);
    name.scope = 'row';
    const bar = make('span', 'bar');
    bar.style.width = `${Math.round(100 * share)}px`;
    const direction =
      correlation === undefined ? '' : `${correlation < 0 ? '−' : '+'}${Math.abs(correlation).toFixed(2)}`;
    return make(
      'tr',
      '',
      name,
      make('td', '', bar, ` ${Math.round(100 * share)} %`),
      make('td', 'number', direction),
      make('td', 'number', String(runs)),
    );
  });
  const none = make('tr', '', make('td', '', 'No setting differs between runs that have this metric.'));
  const body = make('tbody', '', ...(rows.length === 0 ? [none] : rows));
  element('importance-table', HTMLTableElement).replaceChildren(make('thead', '', make('tr', '', ...head)), body);
}
