import { describe, expect, it } from 'vitest';
import { aboutModel, knownCharacters } from './about-model.ts';

const DIGITS = [...'0123456789'];

describe('knownCharacters', () => {
  it('names whole ranges', () => expect(knownCharacters(DIGITS)).toBe('0–9'));
  it('lists a few others', () => expect(knownCharacters([...DIGITS, ' ', 'A', '€'])).toBe('0–9 and 2: A €'));
  it('counts many others, and shows letters with accents first', () => {
    expect(knownCharacters([...DIGITS, ...'!?ABCéàœ€'])).toBe('0–9 and 9 characters more, such as é à œ ! ? A');
  });
  it('does without a range', () => expect(knownCharacters(['A', 'B'])).toBe('2: A B'));
});

it('says what a model reads, its limits and its terms', () => {
  const model = { name: 'digits', kind: 'character', classes: DIGITS, licence: 'MIT' } as const;
  expect(aboutModel({ ...model, description: 'Reads digits: the smallest reader. Three epochs.' })).toBe(
    'digits: Reads digits: the smallest reader. Reads one character at a time. Knows 0–9. Licence: MIT.',
  );
});
