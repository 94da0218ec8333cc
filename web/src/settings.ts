import { chooseModel } from '../../src/reading/choose-model.ts';
import type { Content } from '../../src/reading/find-content.ts';
import { element } from './element.ts';
import { recall, remember } from './memory.ts';
import { apiKey, keepApiKey } from './reading/api-key.ts';
import type { GpuEnd } from './device/device-client.ts';
import type { ModelList } from './reading/list-models.ts';
import type { Decoder, Engine, ModelEntry, ModelKind, Place } from './reading/reading.ts';
import { aboutModel } from './result/about-model.ts';
import { megabytes } from './result/words.ts';

const PLACE_KEY = 'place';
const MODEL_KEY = 'model';
const DECODER_KEY = 'decoder';

const DECODERS: Readonly<Record<Decoder, string>> = {
  lm: 'With a language model',
  beam: 'Beam search',
  greedy: 'Greedy',
};

const ENGINES: Readonly<Record<Engine, string>> = {
  webgpu: 'Runs on the graphics processor (WebGPU).',
  wasm: 'Runs on the processor (WebAssembly).',
};

/** Files are kept in a browser, and the page works without a network, on https and localhost only. */
const DEVICE_NOTES = {
  secure: 'Nothing leaves this browser. Works offline, after loading 6 to 23 MB once.',
  plain: 'Nothing leaves this browser. Loads 6 to 23 MB on each visit; offline use needs HTTPS.',
} as const;

const GPU_ENDS: Readonly<Record<GpuEnd, string>> = {
  slow: 'WebGPU took too long.',
  failed: 'WebGPU failed.',
  lost: 'The graphics processor was lost.',
};

const KINDS: Readonly<Record<ModelKind, string>> = { character: 'Single characters', line: 'Lines' };

/** Where to read and with which model, as the person chose. */
export class Settings {
  readonly #form = element('settings', HTMLFormElement);
  readonly #model = element('model', HTMLSelectElement);
  readonly #decoder = element('decoder', HTMLSelectElement);
  readonly #key = element('api-key', HTMLInputElement);
  readonly #loading = element('loading', HTMLElement);
  readonly #engine = element('engine', HTMLElement);
  readonly #progress = element('progress', HTMLProgressElement);
  #models: readonly ModelEntry[] = [];
  #first: string | undefined;

  /** `onKey` is called with a new key for the server in place, `onChange` with every other change. */
  constructor(onChange: () => void, onKey: () => void) {
    this.#key.value = apiKey();
    element('device-note', HTMLElement).textContent = DEVICE_NOTES[isSecureContext ? 'secure' : 'plain'];
    element('plain-http', HTMLElement).hidden = isSecureContext;
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('change', ({ target }) => {
      if (target === this.#key) {
        keepApiKey(this.#key.value.trim());
        return onKey();
      }
      remember(PLACE_KEY, this.place);
      remember(MODEL_KEY, this.#model.value);
      if (target === this.#decoder) remember(DECODER_KEY, this.#decoder.value);
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

  /** What the chosen model reads; undefined where what is written chooses. */
  get kind(): ModelKind | undefined {
    const kinds = new Set(this.#models.map(({ kind }) => kind));
    return kinds.size === 1 ? this.#models[0].kind : this.#chosen?.kind;
  }

  /** Whether what is written chooses the model. */
  get isAutomatic(): boolean {
    return this.kind === undefined;
  }

  /** The model of a name. */
  named(name: string): ModelEntry | undefined {
    return this.#models.find((model) => model.name === name);
  }

  /** The chosen model, or the one for what is to be read; undefined before there is a list. */
  modelFor(content: Content): ModelEntry | undefined {
    if (this.#chosen !== undefined || this.#models.length === 0) return this.#chosen;
    const ordered = this.#models.toSorted((a, b) => Number(b.name === this.#first) - Number(a.name === this.#first));
    return chooseModel(
      ordered.map((manifest) => ({ manifest })),
      content,
    ).manifest;
  }

  /** What the server is to decode with; undefined where there is no choice. */
  get decoder(): Decoder | undefined {
    return this.#decoder.value === '' ? undefined : (this.#decoder.value as Decoder);
  }

  /** Lets choose between the decoders of a model that is read on the server. */
  offerDecoders(model: ModelEntry | undefined): void {
    const decoders = this.place === 'server' ? (model?.decoders ?? []) : [];
    const wanted = recall(DECODER_KEY);
    const options = decoders.map((name) => new Option(DECODERS[name], name, false, name === wanted));
    this.#decoder.replaceChildren(...(options.length > 1 ? options : []));
    element('decoder-choice', HTMLElement).hidden = options.length < 2;
  }

  /** Says what the model that reads can do. */
  describe(model: ModelEntry | undefined): void {
    element('about-model', HTMLElement).textContent = model ? aboutModel(model) : '';
  }

  askForKey(): void {
    element('key-choice', HTMLElement).hidden = false;
  }

  /** Fills in the models; without a server, only the device is left. */
  offer({ models, default: first, hasServer, needsKey }: ModelList): void {
    this.#models = models;
    this.#first = first;
    this.#fillIn(this.#model.value || (recall(MODEL_KEY) ?? ''));
    element('model-choice', HTMLElement).hidden = models.length < 2;
    element('api-link', HTMLElement).hidden = !hasServer;
    element('server-choice', HTMLInputElement).disabled = !hasServer;
    element('server-note', HTMLElement).textContent = hasServer
      ? 'The picture is sent to this site.'
      : 'The server cannot be reached now.';
    if (needsKey) this.askForKey();
    if (hasServer) this.place = recall(PLACE_KEY) === 'device' ? 'device' : 'server';
    else this.place = 'device';
  }

  get #chosen(): ModelEntry | undefined {
    return this.#models.find(({ name }) => name === this.#model.value);
  }

  #fillIn(wanted: string): void {
    const models = this.#models;
    const option = ({ name }: ModelEntry) => new Option(name, name, false, name === wanted);
    const kinds = (['character', 'line'] as const).filter((kind) => models.some((model) => model.kind === kind));
    if (kinds.length < 2) return this.#model.replaceChildren(...models.map(option));
    const groups = kinds.map((kind) => {
      const group = document.createElement('optgroup');
      group.label = KINDS[kind];
      group.append(...models.filter((model) => model.kind === kind).map(option));
      return group;
    });
    this.#model.replaceChildren(new Option('By what is written', ''), ...groups);
    if (!this.#chosen) this.#model.value = '';
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

  /** Shows what computes on this device, and why it is not the graphics processor any more. */
  showEngine(engine: Engine, end: GpuEnd | undefined): void {
    const text = end ? `${GPU_ENDS[end]} ${ENGINES[engine]}` : ENGINES[engine];
    // A screen reader would say again what is set again.
    if (this.#engine.textContent !== text) this.#engine.textContent = text;
  }
}
