import type { CharacterReading, Reading, WordReading } from '../../../src/reading/reading.ts';
import { isFreeLicence } from '../../../src/models/model-licence.ts';
import { element } from '../element.ts';
import type { Engine, Place, PlacedReading } from '../reading/reading.ts';
import { regionOf } from '../reading/region-of.ts';
import type { Pointed } from '../stage.ts';
import { copyText } from './copy-text.ts';
import { confidenceList, lineDetail } from './detail.ts';
import { type TextElements, textElements } from './text-elements.ts';
import { percent, seconds } from './words.ts';

const WHERE: Readonly<Record<Place, string>> = {
  server: 'on the server',
  device: 'on this device',
};

const ENGINES: Readonly<Record<Engine, string>> = { webgpu: 'WebGPU', wasm: 'WebAssembly' };

const STEPS: Readonly<Record<string, (index: number, length: number) => number>> = {
  ArrowLeft: (index) => Math.max(0, index - 1),
  ArrowRight: (index, length) => Math.min(length - 1, index + 1),
  Home: () => 0,
  End: (_, length) => length - 1,
};

/** Shows what was read. `onPoint` is called with the places of the character that is pointed at and its word. */
export class ResultView {
  readonly #reading = element('reading', HTMLElement);
  readonly #text = element('text', HTMLElement);
  readonly #detail = element('detail', HTMLElement);
  readonly #timing = element('timing', HTMLElement);
  readonly #terms = element('terms', HTMLElement);
  readonly #copy = element('copy', HTMLButtonElement);
  readonly #announcement = element('announcement', HTMLElement);
  readonly #onPoint: (pointed: Pointed) => void;
  #shown: Reading | undefined;
  #characters: readonly CharacterReading[] = [];
  #words: readonly WordReading[] = [];
  #elements: TextElements = { buttons: [], words: [], groups: [] };

  constructor(onPoint: (pointed: Pointed) => void) {
    this.#onPoint = onPoint;
    this.#copy.addEventListener('click', () => void this.#copyText());
    this.#text.addEventListener('pointerleave', () => this.#onPoint({}));
    this.#text.addEventListener('focusout', () => this.#onPoint({}));
    this.#text.addEventListener('keydown', (event) => this.#step(event));
    for (const name of ['pointerover', 'focusin', 'click'] as const) {
      this.#text.addEventListener(name, ({ target }) => {
        const index = this.#elements.buttons.indexOf(target as HTMLButtonElement);
        if (index >= 0) this.#select(index, true);
      });
    }
  }

  /** While a reading is under way, the last one stays, paler. */
  wait(): void {
    this.#reading.dataset.state = this.#shown ? 'waiting' : 'empty';
  }

  clear(): void {
    this.#shown = undefined;
    this.#reading.dataset.state = 'empty';
    this.#announcement.textContent = '';
    this.#onPoint({});
  }

  show(placed: PlacedReading): void {
    const { reading } = placed;
    this.#shown = reading;
    this.#reading.dataset.state = 'shown';
    this.#characters = reading.lines.flatMap(({ characters }) => characters);
    this.#words = reading.lines.flatMap(({ words }) => words);
    this.#text.dataset.length = this.#characters.length > 1 ? 'many' : 'one';
    this.#elements = textElements(this.#characters);
    this.#text.replaceChildren(...this.#elements.groups);
    this.#select(0, false);
    this.#timing.textContent = timing(placed);
    this.#terms.hidden = isFreeLicence(reading.licence);
    this.#terms.textContent = `${reading.model} is not free for every use. Its licence: ${reading.licence}.`;
    this.#announcement.textContent = `Read: ${reading.text}, ${percent(reading.confidence)} sure.`;
  }

  /** One stop for the tab key; the arrow keys go from character to character. */
  #step(event: KeyboardEvent): void {
    const { buttons } = this.#elements;
    const index = buttons.indexOf(event.target as HTMLButtonElement);
    const step = STEPS[event.key];
    if (index < 0 || step === undefined) return;
    event.preventDefault();
    buttons[step(index, buttons.length)].focus();
  }

  #select(index: number, isPointed: boolean): void {
    const reading = this.#shown;
    if (reading === undefined) return;
    const { buttons, words } = this.#elements;
    const [character, wordElement] = [this.#characters[index], words[index]];
    for (const [i, button] of buttons.entries()) {
      button.tabIndex = i === index ? 0 : -1;
      button.toggleAttribute('aria-current', i === index);
      words[i]?.classList.toggle('current', words[i] === wordElement);
    }
    const order = Array.from(new Set(words.filter((word) => word !== undefined)));
    const word = wordElement && this.#words[order.indexOf(wordElement)];
    const isOne = buttons.length === 1;
    this.#detail.replaceChildren(...(isOne ? [confidenceList(character)] : lineDetail(reading, character, word)));
    if (!isPointed) return;
    const at = (part: CharacterReading | WordReading) => regionOf(part.polygon, reading);
    this.#onPoint({ character: at(character), word: isOne || word === undefined ? undefined : at(word) });
  }

  async #copyText(): Promise<void> {
    const label = this.#copy.querySelector('span')!;
    const isCopied = await copyText(this.#shown?.text ?? '');
    label.textContent = isCopied ? 'Copied' : 'Not allowed';
    this.#announcement.textContent = isCopied ? 'Copied' : 'The browser did not allow copying.';
    setTimeout(() => (label.textContent = 'Copy'), 2000);
  }
}

function timing({ reading: { model }, milliseconds, place, engine }: PlacedReading): string {
  const by = engine ? `, with ${ENGINES[engine]}` : '';
  return `${seconds(milliseconds)} ${WHERE[place]}${by}\nModel ${model}`;
}
