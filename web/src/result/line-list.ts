import type { LineReading } from '../../../src/reading/reading.ts';
import { make } from '../element.ts';
import { indexAfter } from './roving-index.ts';
import { certainty, lineCertainty, percent } from './words.ts';

/** What a person does in the list of lines, by the line's index. */
export interface LineListEvents {
  onPoint(index: number | undefined): void;
  onSelect(index: number): void;
}

/**
 * The lines of a page in reading order, each a button with its confidence; words that the reader is not sure of are marked. One stop for
 * the tab key; the arrow keys go from line to line.
 */
export class LineList {
  readonly #list: HTMLElement;
  #buttons: readonly HTMLButtonElement[] = [];

  constructor(list: HTMLElement, { onPoint, onSelect }: LineListEvents) {
    this.#list = list;
    for (const name of ['pointerover', 'focusin'] as const) {
      list.addEventListener(name, ({ target }) => onPoint(this.#indexOf(target)));
    }
    for (const name of ['pointerleave', 'focusout'] as const) list.addEventListener(name, () => onPoint(undefined));
    list.addEventListener('click', ({ target }) => {
      const index = this.#indexOf((target as Element).closest('.line'));
      if (index !== undefined) onSelect(index);
    });
    list.addEventListener('keydown', (event) => this.#step(event));
  }

  /** Shows lines; none hide the list. */
  show(lines: readonly LineReading[]): void {
    this.#buttons = lines.map(lineButton);
    this.#list.replaceChildren(...this.#buttons.map((button) => make('li', '', button)));
    this.#list.hidden = lines.length === 0;
    this.#stopAt(0);
  }

  /** Shows a line's text as a person has corrected it. */
  correct(index: number, text: string): void {
    const button = this.#buttons[index];
    if (button === undefined) return;
    button.querySelector('.line-text')!.replaceChildren(text);
    button.querySelector('.share')!.replaceChildren('corrected');
  }

  /** Highlights the line that is pointed at. */
  point(index: number | undefined): void {
    for (const [i, button] of this.#buttons.entries()) button.classList.toggle('pointed', i === index);
  }

  /** Opens `view` below one of the lines, or closes it. */
  open(index: number | undefined, view: HTMLElement): void {
    for (const [i, button] of this.#buttons.entries()) button.setAttribute('aria-expanded', String(i === index));
    // A line alone has no list.
    const button = index === undefined ? undefined : this.#buttons[index];
    if (index === undefined || button === undefined) return;
    this.#stopAt(index);
    button.after(view);
    button.scrollIntoView({ block: 'nearest' });
  }

  #stopAt(index: number): void {
    for (const [i, button] of this.#buttons.entries()) button.tabIndex = i === index ? 0 : -1;
  }

  #step(event: KeyboardEvent): void {
    const index = this.#buttons.indexOf(event.target as HTMLButtonElement);
    const next = indexAfter(event.key, index, this.#buttons.length, 'column');
    if (index < 0 || next === undefined) return;
    event.preventDefault();
    this.#stopAt(next);
    this.#buttons[next].focus();
  }

  /** Whether on the line itself or on what is open below it. */
  #indexOf(target: EventTarget | null): number | undefined {
    const item = (target as Element | null)?.closest('li');
    const index = this.#buttons.findIndex((button) => button.parentElement === item);
    return index < 0 ? undefined : index;
  }
}

function lineButton(reading: LineReading): HTMLButtonElement {
  const { words, text, confidence } = reading;
  const parts = words.flatMap((word, i) => (i === 0 ? [wordPart(word)] : [' ', wordPart(word)]));
  const line = make('span', 'line-text', ...(parts.length > 0 ? parts : [text]));
  const share = make('span', 'share', percent(confidence));
  share.title = 'How sure it is that the whole line is right';
  const button = make('button', 'line', line, share);
  button.type = 'button';
  button.dataset.certainty = lineCertainty(reading);
  button.setAttribute('aria-expanded', 'false');
  return button;
}

function wordPart({ text, confidence }: LineReading['words'][number]): HTMLElement | string {
  const sure = certainty(confidence);
  if (sure === 'sure') return text;
  const mark = make('mark', '', text);
  mark.dataset.certainty = sure;
  mark.title = `${percent(confidence)} sure`;
  return mark;
}
