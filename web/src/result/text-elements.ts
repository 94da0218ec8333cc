import { make } from '../element.ts';
import type { CharacterReading } from '../../../src/reading/reading.ts';
import { certainty, percent, spoken } from './words.ts';

/** A button for each character. */
export interface TextElements {
  readonly buttons: readonly HTMLButtonElement[];
  /** The elements of the words around them; undefined around spaces. */
  readonly words: readonly (HTMLElement | undefined)[];
  /** Words with the spaces behind them, to be set in rows. */
  readonly groups: readonly HTMLElement[];
}

export function textElements(characters: readonly CharacterReading[]): TextElements {
  const buttons = characters.map(characterButton);
  const words: (HTMLElement | undefined)[] = [];
  const groups: HTMLElement[] = [];
  for (const [i, { text }] of characters.entries()) {
    const word = text === ' ' ? undefined : (words[i - 1] ?? make('span', 'word'));
    word?.append(buttons[i]);
    words.push(word);
    if (i === 0 || (word && word !== words[i - 1])) groups.push(make('span', 'group'));
    groups.at(-1)!.append(word ?? buttons[i]);
  }
  return { buttons, words, groups };
}

function characterButton({ text, confidence }: CharacterReading): HTMLButtonElement {
  const button = make('button', 'character', text);
  button.type = 'button';
  button.dataset.certainty = certainty(confidence);
  button.setAttribute('aria-label', `${spoken(text)}, ${percent(confidence)} sure`);
  return button;
}
