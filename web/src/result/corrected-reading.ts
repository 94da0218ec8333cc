import type { LineReading, Reading, WordReading } from '../../../src/reading/reading.ts';

/**
 * A reading whose lines say what a person has made of them. A changed line keeps the places of its words where it has as many as before;
 * otherwise its words cannot be placed, and it is one word at the place of the line. A person is sure: the confidence is 1.
 */
export function correctedReading(reading: Reading, texts: readonly string[]): Reading {
  if (reading.lines.every(({ text }, i) => text === texts[i])) return reading;
  const lines = reading.lines.map((line, i) => (line.text === texts[i] ? line : correctedLine(line, texts[i])));
  return { ...reading, text: texts.join('\n'), alternatives: [], lines };
}

function correctedLine(line: LineReading, text: string): LineReading {
  const written = text.split(/\s+/u).filter((word) => word !== '');
  const isPlaced = written.length === line.words.length;
  const words = isPlaced
    ? line.words.map((word, i) => correctedWord(word.polygon, written[i]))
    : [correctedWord(line.polygon, text)];
  return { ...line, text, confidence: 1, alternatives: [], words, characters: [] };
}

function correctedWord(polygon: WordReading['polygon'], text: string): WordReading {
  return { text, confidence: 1, alternatives: [], polygon, characters: [] };
}
