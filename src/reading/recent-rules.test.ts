import { expect, test } from 'vitest';
import { RecentRules } from './recent-rules.ts';

/** Counts how often something is made. */
function counting() {
  const made: string[] = [];
  const recent = new RecentRules(async ({ pattern = 'none' }) => {
    made.push(pattern);
    if (pattern === '(') throw new Error('no pattern');
    return pattern;
  });
  return { recent, made };
}

test('what was asked for lately is made once, whoever asks', async () => {
  const { recent, made } = counting();
  const observeLine = () => {};
  expect(await Promise.all([recent.of({ pattern: 'a' }), recent.of({ pattern: 'a', observeLine })])).toEqual([
    'a',
    'a',
  ]);
  await recent.of({ pattern: 'a', decoder: 'lm' });
  await recent.of({});
  await recent.of({});
  expect(made).toEqual(['a', 'a', 'none']);
});

test('what was not wanted for longest is forgotten first', async () => {
  const { recent, made } = counting();
  const long = (letter: string) => ({ pattern: letter, words: [letter.repeat(100_000)] });
  for (const letter of ['a', 'b', 'a', 'c', 'a', 'b']) await recent.of(long(letter));
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('what cannot be made is not kept', async () => {
  const { recent, made } = counting();
  for (let i = 0; i < 2; i++) await expect(recent.of({ pattern: '(' })).rejects.toThrow('no pattern');
  expect(made).toEqual(['(', '(']);
});
