import type { RunRow, RunsAnswer } from '../../../src/experiments/dashboard/dashboard-api.ts';
import { element, make } from '../../src/element.ts';
import { ask } from './ask.ts';
import { checkboxes } from './checkboxes.ts';
import { formatValue } from './format.ts';
import { conditions, keepState, state } from './state.ts';

const PAGE = 100;
/** More curves than these cannot be told apart. */
const MOST_SELECTED = 16;
const everyRun = [
  'network',
  'model',
  'group',
  'epoch',
  'step',
  'seconds',
  'seed',
  'commit',
  'copiedFrom',
  'started',
  'updated',
  'reason',
];

let offset = 0;
/** What is in the table: the same is not made anew each time that the page looks after changes. */
let shown = '';

/** Shows the table as it is now; `onChange` is called when another order, columns or runs are chosen. */
export async function showRuns(): Promise<RunsAnswer> {
  const { columns: column, sort, descending } = state;
  const answer = await ask<RunsAnswer>('runs', { where: conditions(), column, sort, descending, offset, limit: PAGE });
  offset = answer.selected === 0 ? 0 : Math.min(offset, Math.floor((answer.selected - 1) / PAGE) * PAGE);
  const end = Math.min(offset + PAGE, answer.selected);
  element('runs-count', HTMLParagraphElement).textContent =
    answer.selected === 0 ? 'No such runs.' : `${offset + 1} to ${end} of ${answer.selected} runs`;
  element('newer', HTMLButtonElement).disabled = offset === 0;
  element('older', HTMLButtonElement).disabled = end >= answer.selected;
  showTable(answer.rows);
  const groups = { '': everyRun, Metrics: answer.metrics, Figures: answer.figures, Settings: answer.settings };
  checkboxes(element('column-choice', HTMLFieldSetElement), groups, state.columns, (columns) => {
    state.columns = columns;
    changed();
  });
  return answer;
}

/** Connects the buttons of the table; to be called once. */
export function startRuns(): void {
  const turn = (by: number) => () => {
    offset = Math.max(0, offset + by);
    changed();
  };
  element('newer', HTMLButtonElement).addEventListener('click', turn(-PAGE));
  element('older', HTMLButtonElement).addEventListener('click', turn(PAGE));
  element('deselect', HTMLButtonElement).addEventListener('click', () => {
    state.selected = [];
    changed();
  });
}

function changed(): void {
  keepState();
  dispatchEvent(new Event('statechange'));
}

function showTable(rows: readonly RunRow[]): void {
  const { columns, sort, descending, selected } = state;
  const now = JSON.stringify([rows, columns, sort, descending, selected]);
  if (now === shown) return;
  shown = now;
  const head = make('thead', '', make('tr', '', ...headCells()));
  const body = make('tbody', '', ...rows.map(rowOf));
  const table = element('runs-table', HTMLTableElement);
  const focused = document.activeElement?.id;
  table.replaceChildren(head, body);
  if (focused) document.getElementById(focused)?.focus();
}

function headCells(): HTMLElement[] {
  const select = make('th', '', make('span', 'visually-hidden', 'Selected'));
  return [select, ...['run', 'state', ...state.columns].map(headCell)];
}

function headCell(field: string): HTMLElement {
  const isSorted = state.sort === field;
  const arrow = isSorted ? (state.descending ? ' ▼' : ' ▲') : '';
  const button = make('button', 'sort', `${field}${arrow}`);
  button.id = `sort-${field}`;
  button.type = 'button';
  button.addEventListener('click', () => {
    state.descending = isSorted ? !state.descending : false;
    state.sort = field;
    offset = 0;
    changed();
  });
  const cell = make('th', '', button);
  if (isSorted) cell.ariaSort = state.descending ? 'descending' : 'ascending';
  return cell;
}

function rowOf({ id, state: runState, values }: RunRow): HTMLElement {
  const box = make('input', '');
  box.type = 'checkbox';
  box.id = `select-${id}`;
  box.ariaLabel = `Select ${id}`;
  box.checked = state.selected.includes(id);
  box.addEventListener('change', () => {
    const others = state.selected.filter((other) => other !== id);
    state.selected = box.checked ? [...others, id].slice(-MOST_SELECTED) : others;
    changed();
  });
  const name = make('th', 'run', id);
  name.scope = 'row';
  const cells = values.map((value) => make('td', typeof value === 'number' ? 'number' : '', formatValue(value)));
  return make('tr', '', make('td', '', box), name, make('td', `state ${runState}`, runState), ...cells);
}
