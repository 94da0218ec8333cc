import { expect, test } from 'vitest';
import { linesFromImages } from '../../datasets/lines/memory-lines.ts';
import { deriveAlphabet } from './derive-alphabet.ts';

function lines(name: string, ...texts: string[]) {
  const image = { width: 2, height: 1, data: new Uint8Array(2) };
  return linesFromImages(name, texts.map(() => image), texts.map((text, i) => ({ id: `${name} ${i}`, text }))); // prettier-ignore
}

test('has what occurs, in order, composed; the notice names what is rare', () => {
  const few = lines('few', 'ñandú ', 'n\u0303u', `${'a'.repeat(20)}\ta`);
  const { alphabet, notice } = deriveAlphabet([few], 1);
  expect(alphabet.characters.join('')).toBe(' adnuñú');
  expect(notice).toBe(
    'Alphabet of 7 characters:  adnuñú\n  Fewer than 20 times: " " 1, "d" 1, "n" 1, "u" 1, "ñ" 2, "ú" 1.',
  );
});

test('leaves out what occurs too rarely, and lines with struck-out words', () => {
  const { alphabet, notice } = deriveAlphabet([lines('a', 'abba', 'a >z< z'), lines('b', 'ab', 'c')], 3);
  expect(alphabet.characters.join('')).toBe('ab');
  expect(notice).toContain('Left out, fewer than 3 times: "c" 1.');
});

test('a set that is named twice counts once', () => {
  const few = lines('few', 'ab');
  expect(deriveAlphabet([few, few], 1).notice).toContain('"a" 1, "b" 1');
});

test('without a character there is no alphabet', () => {
  expect(() => deriveAlphabet([lines('few', 'ab')], 2)).toThrow('No character occurs 2 times in few');
});
