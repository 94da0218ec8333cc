import { make } from '../element.ts';
import type { CharacterReading, LineReading, WordReading } from '../../../src/reading/reading.ts';
import type { Alternative } from '../../../src/text/alternative.ts';
import { certainty, percent, spoken } from './words.ts';

/** How sure the reader is of a character, and what else it may be. */
export function confidenceList(character: CharacterReading): HTMLElement {
  const rows = [character, ...character.alternatives].map((each, i) => confidenceRow(each, i === 0));
  const list = make('ol', 'confidences', ...rows);
  list.setAttribute('aria-label', `How sure: ${spoken(character.text)} and its alternatives`);
  return list;
}

/** How sure the reader of a line is of a character, of its word and of the whole line, and how else the line may read. */
export function lineDetail(
  { alternatives, confidence }: Pick<LineReading, 'alternatives' | 'confidence'>,
  character: CharacterReading,
  word: WordReading | undefined,
): HTMLElement[] {
  const rows = [
    ...[character, ...character.alternatives].map((each, i) => confidenceRow(each, i === 0)),
    ...(word ? [confidenceRow(word, true)] : []),
    confidenceRow({ text: 'Whole line', confidence }, true),
  ];
  const sure = make('ol', 'confidences of-line', ...rows);
  sure.setAttribute('aria-label', 'How sure: the character, its alternatives, its word, and the whole line');
  if (alternatives.length === 0) return [sure];
  const readings = make('ol', 'readings', ...alternatives.map(readingRow));
  readings.setAttribute('aria-label', 'Other readings');
  return [sure, readings];
}

function confidenceRow({ text, confidence }: Alternative, isBest: boolean): HTMLElement {
  const bar = make('span', 'bar', make('span', 'fill'));
  bar.style.setProperty('--share', String(confidence));
  bar.setAttribute('aria-hidden', 'true');
  const row = make(
    'li',
    isBest ? 'best' : '',
    make('span', 'glyph', text === ' ' ? '␣' : text),
    bar,
    make('span', 'share', percent(confidence)),
  );
  row.dataset.certainty = isBest ? certainty(confidence) : 'other';
  return row;
}

function readingRow({ text, confidence }: Alternative): HTMLElement {
  return make('li', '', make('span', '', text), make('span', 'share', percent(confidence)));
}
