import { element } from './element.ts';
import type { ModelList } from './reading/list-models.ts';
import type { ModelEntry, Place } from './reading/reading.ts';
import { megabytes } from './result/words.ts';

const PLACE_KEY = 'place';
const MODEL_KEY = 'model';

/** Where to read and with which model, as the person chose. */
export class Settings {
  readonly #form = element('settings', HTMLFormElement);
  readonly #model = element('model', HTMLSelectElement);
  readonly #loading = element('loading', HTMLElement);
  readonly #progress = element('progress', HTMLProgressElement);
  #models: readonly ModelEntry[] = [];

  constructor(onChange: () => void) {
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('change', () => {
      localStorage.setItem(PLACE_KEY, this.place);
      localStorage.setItem(MODEL_KEY, this.model);
      onChange();
    });
  }

  get place(): Place {
    return new FormData(this.#form).get('place') === 'device' ? 'device' : 'server';
  }

  set place(place: Place) {
    for (const input of this.#form.querySelectorAll<HTMLInputElement>('input[name=place]')) {
      input.checked = input.value === place;
    }
  }

  /** The chosen model's name; empty before there is a list. */
  get model(): string {
    return this.#model.value;
  }

  get kind(): ModelEntry['kind'] {
    return this.#models.find(({ name }) => name === this.model)?.kind ?? 'character';
  }

  /** Fills in the models; without a server, only the device is left. */
  offer({ models, default: first, hasServer }: ModelList): void {
    const wanted = this.model || localStorage.getItem(MODEL_KEY);
    const chosen = models.find(({ name }) => name === wanted)?.name ?? first;
    this.#models = models;
    this.#model.replaceChildren(...models.map(({ name }) => new Option(name, name, name === first, name === chosen)));
    element('model-choice', HTMLElement).hidden = models.length < 2;
    element('api-link', HTMLElement).hidden = !hasServer;
    element('server-choice', HTMLInputElement).disabled = !hasServer;
    element('server-note', HTMLElement).textContent = hasServer
      ? 'The picture is sent to this site.'
      : 'The server cannot be reached now.';
    if (hasServer) this.place = localStorage.getItem(PLACE_KEY) === 'device' ? 'device' : 'server';
    else this.place = 'device';
  }

  /** Shows how much of what reading on the device needs has come. */
  showLoading(loaded: number, total: number): void {
    this.#loading.hidden = false;
    this.#progress.value = loaded / total;
    element('loading-text', HTMLElement).textContent = `Loading ${megabytes(total)}, once`;
  }

  hideLoading(): void {
    this.#loading.hidden = true;
  }
}
