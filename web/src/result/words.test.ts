import { describe, expect, it } from 'vitest';
import { certainty, megabytes, percent, seconds } from './words.ts';

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [0.004, '< 1 %'],
    [0.005, '1 %'],
    [0.474, '47 %'],
    [0.994, '99 %'],
    [0.9999, '> 99 %'],
    [1, '100 %'],
  ])('%f is %s', (share, text) => expect(percent(share)).toBe(text));
});

describe('seconds', () => {
  it.each([
    [0.2, '< 1 ms'],
    [12.4, '12 ms'],
    [999, '999 ms'],
    [1449, '1.4 s'],
  ])('%f ms is %s', (milliseconds, text) => expect(seconds(milliseconds)).toBe(text));
});

describe('megabytes', () => {
  it.each([
    [566_753, '0.6 MB'],
    [14_806_650, '15 MB'],
  ])('%i bytes are %s', (bytes, text) => expect(megabytes(bytes)).toBe(text));
});

describe('certainty', () => {
  it.each([
    [0.9, 'sure'],
    [0.89, 'likely'],
    [0.6, 'likely'],
    [0.59, 'unsure'],
  ])('%f is %s', (confidence, word) => expect(certainty(confidence)).toBe(word));
});
