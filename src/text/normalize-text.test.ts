import { describe, expect, it } from 'vitest';
import { hasStruckOut, normalizeText } from './normalize-text.ts';

describe('normalizeText', () => {
  it('composes accents and folds quotes, dashes and spaces', () => {
    expect(normalizeText(' L\u2019e\u0301te\u0301\u00a0\u2013 \u201cchaud\u201d\n')).toBe('L\'été - "chaud"');
  });

  it('leaves what it is told to leave', () => {
    expect(normalizeText('a  b’—', { quotes: false, dashes: false, spaces: false })).toBe('a  b’—');
    expect(normalizeText('«a»', {})).toBe('«a»');
  });
});

describe('hasStruckOut', () => {
  it.each([
    ['le >petit< grand chat', true],
    ['>< le chat', true],
    ['un >mot< et ><', true],
    ['a < b', false],
    ['rien', false],
  ])('%s: %s', (text, expected) => {
    expect(hasStruckOut(text)).toBe(expected);
  });
});
