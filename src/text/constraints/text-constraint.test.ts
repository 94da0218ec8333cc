import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Alphabet } from '../alphabet.ts';
import { lineAlphabet } from '../line-alphabet.ts';
import { textConstraint } from './text-constraint.ts';
import type { TextRules } from './text-rules.ts';

/** Whether the rules allow a text, as the automaton says. */
function allows(rules: TextRules, text: string, alphabet = lineAlphabet): boolean {
  const constraint = textConstraint(rules, alphabet)!;
  let state = constraint.start;
  for (const label of alphabet.encode(text)) {
    state = constraint.advance(state, label);
    if (state < 0) return false;
  }
  return constraint.missing(state) === 0;
}

describe('a pattern', () => {
  const alphabet = new Alphabet('abc01 ');
  const text = fc
    .array(fc.constantFrom(...alphabet.characters), { maxLength: 8 })
    .map((characters) => characters.join(''));

  test.each([
    '[a-c]{2}\\d+',
    '(?:ab|c)*',
    'a?b{2,3}c?',
    '\\w+ \\w+',
    '[^0-9 ]*0',
    '',
    'a|b|01',
    '(?:a*b?)*1',
    '(?:[ab]{0,3}0|c)+',
  ])('allows just what the regular expression %j matches as a whole', (pattern) => {
    const whole = new RegExp(`^(?:${pattern})$`, 'u');
    fc.assert(
      fc.property(text, (text) => {
        expect(allows({ pattern }, text, alphabet)).toBe(whole.test(text));
      }),
      { numRuns: 300 },
    );
  });

  it('knows how many characters are missing', () => {
    const constraint = textConstraint({ pattern: '[A-Z]{2}\\d{6}' }, lineAlphabet)!;
    expect(constraint.missing(constraint.start)).toBe(8);
    const [a, one] = lineAlphabet.encode('A1');
    const afterTwo = constraint.advance(constraint.advance(constraint.start, a), a);
    expect(constraint.missing(afterTwo)).toBe(6);
    expect(constraint.missing(constraint.advance(afterTwo, one))).toBe(5);
    expect(constraint.advance(afterTwo, a)).toBe(-1);
  });

  it.each([
    ['(ab', /Unterminated group/],
    ['a(?=b)', /without \^, \$, \\b, look-around/],
    ['^ab$', /without \^/],
    ['(a+)\\1', /back-references/],
    ['(?:a|b)*a(?:a|b){20}', /it needs more than 2000 states/],
    ['a{1,100000}', /2000 states/],
    ['(?:(?:(?:|){1000}){1000}){1000}', /2000 states/],
    ['(?:(?:[a-z]?){40}){40}', /too many ways to match it/],
    ['a'.repeat(1001), /1001 characters long/],
  ])('that cannot be used is refused: %j', (pattern, message) => {
    expect(() => textConstraint({ pattern }, lineAlphabet)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  it('that only other characters match is refused', () => {
    expect(() => textConstraint({ pattern: '[а-я]+' }, lineAlphabet)).toThrow(/No text keeps to the rules/);
    expect(() => textConstraint({ pattern: '[a-z]+', characters: '0-9' }, lineAlphabet)).toThrow(/No text keeps/);
  });
});

describe('a set of characters', () => {
  it.each([
    ['0-9.,€', '12.345,00€', '12 €'],
    ['A-C-', 'A-C', 'D'],
    ['-+0-9', '+1-2', ','],
    ['a\\-c', 'a-c', 'b'],
    ['é', 'éé', 'e'],
  ])('%j allows %j and not %j', (characters, good, bad) => {
    expect(allows({ characters }, good)).toBe(true);
    expect(allows({ characters }, bad)).toBe(false);
  });

  it.each([
    ['', /empty/],
    ['9-0', /backwards, from 9 to 0/],
    ['0-9Ω', /names "Ω", which the model cannot read/],
    ['а-я', /cannot read/],
  ])('%j is refused', (characters, message) => {
    expect(() => textConstraint({ characters }, lineAlphabet)).toThrow(message);
  });
});

describe('a list of words', () => {
  const words = ['Bern', 'Berlin', 'Zürich', 'New York', 'L’Aquila'];

  it('allows each of them, folded to the alphabet, and nothing else', () => {
    for (const word of ['Bern', 'Berlin', 'Zürich', 'New York', "L'Aquila"]) expect(allows({ words }, word)).toBe(true);
    for (const text of ['', 'Ber', 'Bernd', 'New', 'Bern Berlin']) expect(allows({ words }, text)).toBe(false);
  });

  it('is cut down to the characters that occur', () => {
    const constraint = textConstraint({ words: ['12', '1a', '345'], characters: '0-9' }, lineAlphabet)!;
    expect(constraint.missing(constraint.start)).toBe(2);
    expect(constraint.advance(constraint.advance(0, lineAlphabet.encode('1')[0]), lineAlphabet.encode('a')[0])).toBe(
      -1,
    );
  });

  it('is refused where it is empty, holds what cannot be read, or comes with a pattern', () => {
    expect(() => textConstraint({ words: [] }, lineAlphabet)).toThrow(/one entry a line/);
    expect(() => textConstraint({ words: ['Ωmega'] }, lineAlphabet)).toThrow(/lacks "Ω"/);
    expect(() => textConstraint({ words, pattern: 'a' }, lineAlphabet)).toThrow(/not both/);
  });
});

it('without rules there is no constraint', () => {
  expect(textConstraint({}, lineAlphabet)).toBeUndefined();
});
