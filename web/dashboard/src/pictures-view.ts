import type { PredictionsAnswer, RunAnswer } from '../../../src/experiments/dashboard/dashboard-api.ts';
import { element, make } from '../../src/element.ts';
import { ask, fileAddress } from './ask.ts';

/** Which drawings are shown: those that are there already are loaded anew only for another run. */
let shown = '';

/** Whether the epoch follows the training, until another one is chosen. */
let isFollowing = true;

/** Shows what one of the runs has read in held-out pictures after an epoch, its drawings, and links to its reports. */
export async function showPictures(runs: readonly string[]): Promise<void> {
  const select = element('pictured-run', HTMLSelectElement);
  const key = runs.join('\n');
  if (select.dataset.runs !== key) {
    const { value } = select;
    select.replaceChildren(...runs.map((id) => new Option(id)));
    select.dataset.runs = key;
    if (runs.includes(value)) select.value = value;
  }
  const id = select.value;
  if (id === '') return;
  showEpoch(id, await ask<PredictionsAnswer>('predictions', { id }));
  const { run, files } = await ask<RunAnswer>('run', { id });
  const state = JSON.stringify([id, files, run.log.epoch]);
  if (state === shown) return;
  shown = state;
  const isDrawing = (name: string) => name.endsWith('.svg');
  element('files', HTMLUListElement).replaceChildren(
    ...files.filter((name) => !isDrawing(name)).map((name) => make('li', '', linkTo(id, name))),
  );
  const drawings = files.filter(isDrawing).map((name) => drawingOf(id, name, run.log.epoch));
  const nothing = make('p', '', 'This run has no drawings yet.');
  element('drawings', HTMLDivElement).replaceChildren(...(files.length === 0 ? [nothing] : drawings));
}

/** Connects the choices of run and epoch; to be called once. */
export function startPictures(): void {
  element('pictured-run', HTMLSelectElement).addEventListener('change', () => {
    isFollowing = true;
    dispatchEvent(new Event('statechange'));
  });
  element('pictured-epoch', HTMLInputElement).addEventListener('input', () => {
    isFollowing = false;
    dispatchEvent(new Event('statechange'));
  });
}

function showEpoch(id: string, { items, epochs }: PredictionsAnswer): void {
  const slider = element('pictured-epoch', HTMLInputElement);
  slider.max = String(Math.max(1, epochs.length));
  if (isFollowing) slider.value = slider.max;
  slider.disabled = epochs.length < 2;
  const shown = epochs[Number(slider.value) - 1];
  element('pictured-epoch-name', HTMLOutputElement).textContent =
    shown === undefined ? 'none yet' : String(shown.epoch);
  const figures = shown === undefined ? [] : items.map((item, i) => readingOf(id, item, shown.predicted[i] ?? ''));
  element('readings', HTMLDivElement).replaceChildren(...figures);
}

function readingOf(id: string, { image, text }: PredictionsAnswer['items'][number], predicted: string): HTMLElement {
  const picture = make('img', '');
  picture.src = fileAddress(id, image);
  picture.alt = `Handwriting: ${text}`;
  const caption = predicted === text ? `✓ ${predicted}` : `✗ ${predicted}, not ${text}`;
  return make('figure', '', picture, make('figcaption', '', caption));
}

function linkTo(id: string, name: string): HTMLElement {
  const link = make('a', '', name);
  link.href = fileAddress(id, name);
  link.target = '_blank';
  return link;
}

function drawingOf(id: string, name: string, epoch: number): HTMLElement {
  const picture = make('img', '');
  picture.alt = name;
  // The drawing of an epoch before is not taken from the browser's memory.
  picture.src = `${fileAddress(id, name)}&epoch=${epoch}`;
  return make('figure', '', make('figcaption', '', name), picture);
}
