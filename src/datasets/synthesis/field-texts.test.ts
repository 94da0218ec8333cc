import { expect, test } from 'vitest';
import { lineAlphabet } from '../../text/line-alphabet.ts';
import { fieldTexts } from './field-texts.ts';

const words = ['garden', 'Été', 'letters'];

test('the same seed gives the same texts, another seed others', () => {
  const texts = fieldTexts({ count: 50, seed: 1, words });
  expect(fieldTexts({ count: 50, seed: 1, words })).toEqual(texts);
  expect(fieldTexts({ count: 20, seed: 1, words })).toEqual(texts.slice(0, 20));
  expect(fieldTexts({ count: 50, seed: 2, words })).not.toEqual(texts);
});

test('every text fits and is written in the alphabet', () => {
  for (const text of fieldTexts({ count: 3000, seed: 3, words, maxLength: 24 })) {
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(24);
    expect(lineAlphabet.unknownCharacters(text)).toEqual([]);
  }
});

test.each([
  ['rows of digits', /^\d{6,}$/],
  ['amounts', /^€\d{1,3}(,\d{3})*\.\d{2}$/],
  ['dates', /^\d{4}-\d{2}-\d{2}$/],
  ['times', /^\d{1,2}:\d{2}$/],
  ['telephone numbers', /^\(\d{3}\) \d{3}-\d{4}$/],
  ['plates', /^[A-Z]{2}-\d{3}-[A-Z]{2}$/],
  ['capitals', /^(GARDEN|LETTERS)$/],
  ['initials', /^[A-Z]\. [A-Z]\. Garden$/],
  ['addresses of mail', /^(garden|letters|ete)@(garden|letters|ete)\.(com|org|net|fr|de|co\.uk|eu)$/],
])('there are %s', (_, pattern) => {
  expect(fieldTexts({ count: 5000, seed: 4, words }).filter((text) => pattern.test(text)).length).toBeGreaterThan(2);
});
