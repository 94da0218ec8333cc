import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutTexts } from './cut-texts.ts';

test('cuts runs of whole words', () => {
  const word = fc.stringMatching(/^[a-zé]{1,9}$/u);
  const sentence = fc.array(word, { minLength: 1, maxLength: 9 }).map((words) => words.join(' '));
  const cases = fc.tuple(fc.array(sentence, { minLength: 1, maxLength: 5 }), fc.integer({ min: 9, max: 40 }), fc.nat());
  fc.assert(
    fc.property(cases, ([sentences, maxLength, seed]) => {
      for (const text of cutTexts(sentences, { count: 5, maxLength, seed })) {
        expect(text.length).toBeLessThanOrEqual(maxLength);
        expect(sentences.some((sentence) => ` ${sentence} `.includes(` ${text} `))).toBe(true);
      }
    }),
  );
});

test('uses all lengths up to the longest', () => {
  const texts = cutTexts(['a b c d e f g h'], { count: 500, maxLength: 9 });
  expect([...new Set(texts.map((text) => text.length))].sort((a, b) => a - b)).toEqual([1, 3, 5, 7, 9]);
});

test('the same seed gives the same texts, another one others', () => {
  const sentences = ['the quick brown fox', 'jumps over the lazy dog'];
  const cut = (seed: number) => cutTexts(sentences, { count: 20, maxLength: 12, seed });
  expect(cut(1)).toEqual(cut(1));
  expect(cut(1)).not.toEqual(cut(2));
});

test('avoids texts of another part', () => {
  const sentences = ['A phrase that recurs, here', 'and there another that does not'];
  const avoid = new Set(['aphrasethatrecurshere']);
  const texts = cutTexts(sentences, { count: 200, minLength: 26, maxLength: 26, avoid });
  expect(texts.some((text) => text.startsWith('A phrase'))).toBe(false);
  expect(texts.some((text) => text.startsWith('and there'))).toBe(true);
  const only = { count: 1, maxLength: 26, avoid: new Set(['abcdefghijklmnopqrstuvwxyz']) };
  expect(() => cutTexts(['abcdefghijklmnopqrstuvwxyz'], only)).toThrow(/All texts cut from 1 sentences/);
});

test('explains what it cannot do', () => {
  expect(() => cutTexts(['antidisestablishment'], { count: 1, maxLength: 5 })).toThrow(/word of at most 5 characters/);
  expect(() => cutTexts(['a'], { count: 1, maxLength: 5, minLength: 6 })).toThrow(/length from 6 to 5/);
  expect(cutTexts(['longword is'], { count: 1, maxLength: 3 })).toEqual(['is']);
});
