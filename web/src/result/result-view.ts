import { element, make } from '../element.ts';
import type { Alternative, CharacterReading, Place, Reading, Region } from '../reading/reading.ts';
import { copyText } from './copy-text.ts';
import { certainty, percent, seconds } from './words.ts';

const WHERE: Readonly<Record<Place, string>> = {
  server: 'on the server',
  device: 'on this device',
};

/** Shows what was read. `onPoint` is called with the place of the character that is pointed at. */
export class ResultView {
  readonly #reading = element('reading', HTMLElement);
  readonly #text = element('text', HTMLElement);
  readonly #detail = element('detail', HTMLElement);
  readonly #timing = element('timing', HTMLElement);
  readonly #copy = element('copy', HTMLButtonElement);
  readonly #announcement = element('announcement', HTMLElement);
  readonly #onPoint: (region: Region | undefined) => void;
  #shown: Reading | undefined;

  constructor(onPoint: (region: Region | undefined) => void) {
    this.#onPoint = onPoint;
    this.#copy.addEventListener('click', () => void this.#copyText());
    this.#text.addEventListener('pointerleave', () => this.#onPoint(undefined));
  }

  /** While a reading is under way, the last one stays, paler. */
  wait(): void {
    this.#reading.dataset.state = this.#shown ? 'waiting' : 'empty';
  }

  clear(): void {
    this.#shown = undefined;
    this.#reading.dataset.state = 'empty';
    this.#announcement.textContent = '';
    this.#onPoint(undefined);
  }

  show(reading: Reading): void {
    this.#shown = reading;
    this.#reading.dataset.state = 'shown';
    this.#text.dataset.length = reading.characters.length > 1 ? 'many' : 'one';
    this.#text.replaceChildren(...reading.characters.map((character) => this.#characterButton(character)));
    this.#select(0, false);
    this.#timing.textContent = `${seconds(reading.milliseconds)} ${WHERE[reading.reader]}\nModel ${reading.model}`;
    this.#announcement.textContent = `Read: ${reading.text}, ${percent(reading.confidence)} sure.`;
  }

  #characterButton(character: CharacterReading): HTMLButtonElement {
    const button = make('button', 'character', character.text);
    button.type = 'button';
    button.dataset.certainty = certainty(character.confidence);
    button.setAttribute('aria-label', `${spoken(character.text)}, ${percent(character.confidence)} sure`);
    const select = () => this.#select(Array.from(this.#text.children).indexOf(button), true);
    for (const event of ['pointerenter', 'focus', 'click']) button.addEventListener(event, select);
    button.addEventListener('blur', () => this.#onPoint(undefined));
    return button;
  }

  #select(index: number, isPointed: boolean): void {
    const character = this.#shown?.characters[index];
    for (const [i, button] of Array.from(this.#text.children).entries()) {
      if (i === index) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
    this.#detail.replaceChildren(...(character ? [confidenceList(character)] : []));
    if (isPointed) this.#onPoint(character?.region);
  }

  async #copyText(): Promise<void> {
    const label = this.#copy.querySelector('span')!;
    const isCopied = await copyText(this.#shown?.text ?? '');
    label.textContent = isCopied ? 'Copied' : 'Not allowed';
    this.#announcement.textContent = isCopied ? 'Copied' : 'The browser did not allow copying.';
    setTimeout(() => (label.textContent = 'Copy'), 2000);
  }
}

function confidenceList(character: CharacterReading): HTMLElement {
  const rows = [character, ...character.alternatives].map((each, i) => confidenceRow(each, i === 0));
  const list = make('ol', 'confidences', ...rows);
  list.setAttribute('aria-label', `How sure: ${spoken(character.text)} and its alternatives`);
  return list;
}

function confidenceRow({ text, confidence }: Alternative, isBest: boolean): HTMLElement {
  const bar = make('span', 'bar', make('span', 'fill'));
  bar.style.setProperty('--share', String(confidence));
  bar.setAttribute('aria-hidden', 'true');
  const row = make(
    'li',
    isBest ? 'best' : '',
    make('span', 'glyph', text),
    bar,
    make('span', 'share', percent(confidence)),
  );
  row.dataset.certainty = isBest ? certainty(confidence) : 'other';
  return row;
}

/** A blank says nothing to a screen reader. */
function spoken(text: string): string {
  return text === ' ' ? 'space' : text;
}
