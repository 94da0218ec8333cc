import type { DashboardAnswer } from '../../../src/server/monitoring/dashboard-answer.ts';
import { element } from '../../src/element.ts';
import { apiKey, keepApiKey } from '../../src/reading/api-key.ts';
import { showAlarms } from './show-alarms.ts';
import { showDrift } from './show-drift.ts';
import { showReadings, showTraffic } from './show-traffic.ts';

const LIVE_MS = 10_000;

const model = element('model', HTMLSelectElement);
let latest: DashboardAnswer | undefined;

async function refresh(): Promise<void> {
  try {
    const key = apiKey();
    const headers: HeadersInit = key === '' ? {} : { authorization: `Bearer ${key}` };
    const answer = await fetch('../v1/monitor', { headers });
    if (answer.status === 401) return askForKey(key);
    if (!answer.ok) throw new Error(`The server answers ${answer.status}.`);
    latest = (await answer.json()) as DashboardAnswer;
    element('key-form', HTMLFormElement).hidden = true;
    tell('');
    show(latest);
  } catch (error) {
    tell(error instanceof TypeError ? 'The server cannot be reached now.' : (error as Error).message);
  }
}

function askForKey(key: string): void {
  latest = undefined;
  element('answer', HTMLDivElement).hidden = true;
  element('key-form', HTMLFormElement).hidden = false;
  tell(key === '' ? 'This server needs a key.' : 'The server does not accept that key.');
}

function tell(problem: string): void {
  const shown = element('problem', HTMLParagraphElement);
  // A screen reader would say again what is set again.
  if (shown.textContent !== problem) shown.textContent = problem;
  shown.hidden = problem === '';
}

function show(answer: DashboardAnswer): void {
  element('answer', HTMLDivElement).hidden = false;
  const names = answer.models.map(({ report }) => report.model);
  if (names.join() !== [...model.options].map(({ value }) => value).join()) {
    const busiest = answer.models.toSorted((a, b) => b.report.requests - a.report.requests)[0]?.report.model;
    const wanted = names.includes(model.value) ? model.value : busiest;
    model.replaceChildren(...names.map((name) => new Option(name, name, false, name === wanted)));
  }
  const firing = answer.alarms.filter(({ state }) => state === 'firing').length;
  element('status', HTMLParagraphElement).textContent =
    firing === 0 ? 'No alarm' : `${firing} ${firing === 1 ? 'alarm' : 'alarms'} firing`;
  showAlarms(answer.alarms);
  showTraffic(answer);
  const chosen = answer.models.find(({ report }) => report.model === model.value);
  if (chosen === undefined) return;
  const { requests, unavailable } = chosen.report;
  element('model-note', HTMLSpanElement).textContent =
    unavailable === undefined ? `${requests} requests` : `Not compared: ${unavailable}.`;
  showReadings(answer.times, chosen);
  showDrift(answer, chosen);
}

element('key-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  keepApiKey(element('key', HTMLInputElement).value.trim());
  void refresh();
});
const redraw = (): void => latest && show(latest);
model.addEventListener('change', redraw);
addEventListener('resize', redraw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
setInterval(() => {
  if (!document.hidden && latest !== undefined) void refresh();
}, LIVE_MS);
void refresh();
