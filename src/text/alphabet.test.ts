import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alphabet } from './alphabet.ts';
import { lineAlphabet } from './line-alphabet.ts';

describe('Alphabet', () => {
  const alphabet = new Alphabet("' abcé");

  it('gives the blank class 0 and the characters the classes after it', () => {
    expect(alphabet.size).toBe(7);
    expect([...alphabet.encode("b 'é")]).toEqual([4, 2, 1, 6]);
    expect(alphabet.decode([4, 0, 2, 1, 0, 0, 6])).toBe("b 'é");
  });

  it('reads a letter and its combining accent as one character', () => {
    expect([...alphabet.encode('cae\u0301')]).toEqual([5, 3, 6]);
  });

  it('names the unknown characters', () => {
    expect(alphabet.unknownCharacters('ça bπcπ')).toEqual(['ç', 'π']);
    expect(() => alphabet.encode('bπc😀')).toThrow(
      'The alphabet of 6 characters lacks "π" (U+03C0), "😀" (U+1F600) of "bπc😀"',
    );
    expect(() => alphabet.encode('bπ', 'fold')).toThrow(/lacks "π"/);
  });

  it('folds or drops what it lacks', () => {
    expect(alphabet.decode(alphabet.encode('ça’b', 'fold'))).toBe("ca'b");
    expect(alphabet.decode(alphabet.encode('aπb', 'drop'))).toBe('ab');
    expect(alphabet.fold('çaπ')).toBe('caπ');
  });

  it('refuses characters that cannot make an alphabet', () => {
    expect(() => new Alphabet('abca')).toThrow(/repeats "a" \(U\+0061\)/);
    expect(() => new Alphabet('')).toThrow(/one or more characters/);
    expect(() => new Alphabet('ae\u0301')).toThrow(/Unicode NFC/);
    expect(() => alphabet.decode([7])).toThrow('Class 7 stands for no character: this alphabet has classes 1 to 6.');
  });
});

describe('lineAlphabet', () => {
  it('stays as models were trained with it', () => {
    // Code point − 31 in ASCII, less the signs that are left out before it: A = 65 − 31 − 2, z = 122 − 31 − 4.
    expect(lineAlphabet.size).toBe(126);
    expect([...lineAlphabet.encode(' !Az~£éœ€')]).toEqual([1, 2, 32, 87, 90, 91, 110, 124, 125]);
  });

  it.each([
    ['Il l’a dit : “Où ça ?”', 'Il l\'a dit : "Où ça ?"'],
    ['week–end — 5 − 3', 'week-end - 5 - 3'],
    ['Ëve, Ñandú, ÆSIR, premieì', 'Eve, Nandu, AESIR, premiei'],
    ['1\u202f234\u00a0½ x² ﬁn…', '1 234 1/2 x2 fin...'],
    ['« Noël »', '« Noël »'],
    ['Łódź, Ærø', 'Lódz, AEro'],
  ])('folds %s to %s', (text, folded) => {
    expect(lineAlphabet.decode(lineAlphabet.encode(text, 'fold'))).toBe(folded);
  });

  it('gives back every text of its own characters', () => {
    const texts = fc.array(fc.constantFrom(...lineAlphabet.characters)).map((characters) => characters.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(lineAlphabet.decode(lineAlphabet.encode(text))).toBe(text);
      }),
    );
  });

  it('drops without failing whatever text it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(lineAlphabet.covers(lineAlphabet.decode(lineAlphabet.encode(text, 'drop')))).toBe(true);
      }),
    );
  });
});
