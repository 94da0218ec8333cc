import { expect, it } from 'vitest';
import type { LineReading, Polygon, Reading } from '../../../src/reading/reading.ts';
import { correctedReading } from './corrected-reading.ts';

const box = (left: number, right: number): Polygon => [
  [left, 0],
  [right, 0],
  [right, 10],
  [left, 10],
];
const word = (text: string, polygon: Polygon) => ({
  text,
  confidence: 0.5,
  alternatives: [],
  polygon,
  characters: [],
});
const line: LineReading = {
  ...word('red hem', box(0, 70)),
  baseline: [],
  words: [word('red', box(0, 30)), word('hem', box(40, 70))],
};
const reading: Reading = {
  kind: 'page',
  text: 'red hem\nred hem',
  confidence: 0.5,
  alternatives: [],
  lines: [line, line],
  model: 'line-recognizer',
  licence: 'MIT',
  width: 70,
  height: 20,
};

it('is the reading itself where nothing was changed', () => {
  expect(correctedReading(reading, ['red hem', 'red hem'])).toBe(reading);
});

it('gives corrected words the places of those that were read, and leaves other lines', () => {
  const { text, lines } = correctedReading(reading, ['red hen', 'red hem']);
  expect(text).toBe('red hen\nred hem');
  expect(lines[0].words.map(({ text, polygon, confidence }) => [text, polygon[0][0], confidence])).toEqual([
    ['red', 0, 1],
    ['hen', 40, 1],
  ]);
  expect(lines[1]).toBe(line);
});

it('puts words that cannot be placed at the place of their line', () => {
  const { lines } = correctedReading(reading, ['a red hen', 'red hem']);
  expect(lines[0].words).toEqual([{ ...word('a red hen', box(0, 70)), confidence: 1 }]);
});
