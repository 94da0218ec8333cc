import type { RunsAnswer } from '../../../src/experiments/dashboard/dashboard-api.ts';
import { element } from '../../src/element.ts';
import { ask } from './ask.ts';
import { showCurves, startCurves } from './curves-view.ts';
import { showDifferences } from './differences-view.ts';
import { showGroups } from './groups-view.ts';
import { showParameters, startParameters } from './parameters-view.ts';
import { showPictures, startPictures } from './pictures-view.ts';
import { showRuns, startRuns } from './runs-view.ts';
import { conditions, keepState, state } from './state.ts';

const LIVE_MS = 3000;
/** Shown where none is selected. */
const NEWEST = 3;

const views: Readonly<Record<string, () => Promise<void>>> = {
  runs: async () => tell(await showRuns()),
  curves: async () => await showCurves(await shownRuns()),
  differences: async () => await showDifferences(await shownRuns()),
  parameters: async () => {
    const answer = await ask<RunsAnswer>('runs', { where: conditions(), limit: 0 });
    tell(answer);
    await showParameters(answer);
  },
  groups: async () => await showGroups(),
  pictures: async () => await showPictures(await shownRuns()),
};

/** Settings and groups of many runs change slowly and cost more. */
const slow: ReadonlySet<string> = new Set(['parameters', 'groups']);

let isShowing = false;
let isWanted = false;

/** Shows the view of the address; while it does, one more wish is remembered. */
async function show(): Promise<void> {
  isWanted = true;
  if (isShowing) return;
  isShowing = true;
  while (isWanted) {
    isWanted = false;
    await showView(viewName());
  }
  isShowing = false;
}

async function showView(name: string): Promise<void> {
  for (const view of Object.keys(views)) element(view, HTMLElement).hidden = view !== name;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const problem = element('problem', HTMLParagraphElement);
  try {
    await views[name]();
    problem.hidden = true;
  } catch (error) {
    problem.textContent = error instanceof TypeError ? 'The server does not answer.' : (error as Error).message;
    problem.hidden = false;
  }
}

function viewName(): string {
  const name = location.hash.slice(1);
  return name in views ? name : 'runs';
}

function tell({ total }: RunsAnswer): void {
  element('status', HTMLParagraphElement).textContent = `${total} runs`;
}

async function shownRuns(): Promise<readonly string[]> {
  if (state.selected.length > 0) return state.selected;
  const { rows, ...answer } = await ask<RunsAnswer>('runs', { where: conditions(), limit: NEWEST });
  tell({ rows, ...answer });
  return rows.map(({ id }) => id);
}

const where = element('where', HTMLInputElement);
where.value = state.where;
element('filter', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  state.where = where.value;
  keepState();
  void show();
});
startRuns();
startCurves();
startParameters();
startPictures();
addEventListener('hashchange', () => void show());
addEventListener('statechange', () => void show());
setInterval(() => {
  if (!document.hidden && !slow.has(viewName())) void show();
}, LIVE_MS);
void show();
