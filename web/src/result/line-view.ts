import type { Alternative } from '../../../src/text/alternative.ts';
import type { CharacterReading, LineReading, WordReading } from '../../../src/reading/reading.ts';
import { element } from '../element.ts';
import { confidenceList, lineDetail } from './detail.ts';
import { indexAfter } from './roving-index.ts';
import { type TextElements, textElements } from './text-elements.ts';

type Part = CharacterReading | WordReading;

/** A line, or a character alone, with how sure the reader is of each part. `onPoint` is called with what is pointed at. */
export class LineView {
  readonly #text = element('text', HTMLElement);
  readonly #detail = element('detail', HTMLElement);
  readonly #onPoint: (character?: Part, word?: Part) => void;
  #line: LineReading | undefined;
  #whole: Pick<LineReading, 'alternatives' | keyof Alternative> | undefined;
  #elements: TextElements = { buttons: [], words: [], groups: [] };

  constructor(onPoint: (character?: Part, word?: Part) => void) {
    this.#onPoint = onPoint;
    this.#text.addEventListener('pointerleave', () => this.#onPoint());
    this.#text.addEventListener('focusout', () => this.#onPoint());
    this.#text.addEventListener('keydown', (event) => this.#step(event));
    for (const name of ['pointerover', 'focusin', 'click'] as const) {
      this.#text.addEventListener(name, ({ target }) => {
        const index = this.#elements.buttons.indexOf(target as HTMLButtonElement);
        if (index >= 0) this.#select(index, true);
      });
    }
  }

  /** Shows a line; `whole` tells how sure the reader is of all of it, and how else it may read. */
  show(line: LineReading, whole: Pick<LineReading, 'alternatives' | keyof Alternative> = line): void {
    this.#line = line;
    this.#whole = whole;
    this.#text.dataset.length = line.characters.length > 1 ? 'many' : 'one';
    this.#elements = textElements(line.characters);
    this.#text.replaceChildren(...this.#elements.groups);
    this.#select(0, false);
  }

  /** One stop for the tab key; the arrow keys go from character to character. */
  #step(event: KeyboardEvent): void {
    const { buttons } = this.#elements;
    const index = buttons.indexOf(event.target as HTMLButtonElement);
    const next = indexAfter(event.key, index, buttons.length, 'row');
    if (index < 0 || next === undefined) return;
    event.preventDefault();
    buttons[next].focus();
  }

  #select(index: number, isPointed: boolean): void {
    const [line, whole] = [this.#line, this.#whole];
    const { buttons, words } = this.#elements;
    const [character, wordElement] = [line?.characters[index], words[index]];
    if (line === undefined || whole === undefined || character === undefined) return this.#detail.replaceChildren();
    for (const [i, button] of buttons.entries()) {
      button.tabIndex = i === index ? 0 : -1;
      button.toggleAttribute('aria-current', i === index);
      words[i]?.classList.toggle('current', words[i] === wordElement);
    }
    const order = Array.from(new Set(words.filter((word) => word !== undefined)));
    const word = wordElement && line.words[order.indexOf(wordElement)];
    const isOne = buttons.length === 1;
    this.#detail.replaceChildren(...(isOne ? [confidenceList(character)] : lineDetail(whole, character, word)));
    if (isPointed) this.#onPoint(character, isOne ? undefined : word);
  }
}
