import type { PreparedPicture, PreparedSide } from './prepare-picture.ts';
import { readPrepared } from './read-prepared.ts';
import type { LineReading, Reading } from './reading.ts';

/** Reads pictures that are prepared: all lines of one reader together. */
export async function readPictures(pictures: readonly PreparedPicture[]): Promise<Reading[]> {
  const all = pictures.flatMap((picture) => (picture.rival ? [picture, picture.rival] : [picture]));
  const readings = await readPrepared(all);
  let next = 0;
  const upright = pictures.map(({ rival }) => {
    const reading = readings[next++];
    return rival ? surer(reading, readings[next++]) : reading;
  });
  return await Promise.all(upright.map((reading, i) => readUpright(reading, pictures[i].sides)));
}

/** Confidences are calibrated, so that those of two readers compare. A line of one letter is no other opinion than that letter. */
function surer(character: Reading, line: Reading): Reading {
  const letters = line.text.match(/[\p{L}\p{N}]/gu) ?? [];
  return letters.length > 1 && line.confidence > character.confidence ? line : character;
}

/**
 * Of what is read of a page upside down or on its side, few letters are in words that the reader is sure of: less than this share, as of
 * hands that are hard to read. Measured in docs/pages.md.
 */
const UNSURE = 0.35;
/** The right side is read with at least twice as many such letters as any other. */
const CLEARLY_MORE = 1.5;
/** So many lines tell which side is up. */
const TRIED_LINES = 4;
/** Shorter words, and numbers, turn up in nonsense, too. */
const WORD = /\p{L}{3}/u;

/** The reading itself, or where it is unsure that of the side of the picture that is read with most words. */
async function readUpright(reading: Reading, sides: readonly PreparedSide[] = []): Promise<Reading> {
  const letters = reading.lines.reduce((sum, { characters }) => sum + characters.length, 0);
  if (sides.length === 0 || evidence(reading.lines) >= UNSURE * letters) return reading;
  const tried = await readPrepared(await Promise.all(sides.map((side) => side(TRIED_LINES))));
  const found = tried.map(({ lines }) => evidence(lines));
  const most = Math.max(...found);
  const longest = reading.lines.toSorted((a, b) => b.text.length - a.text.length).slice(0, TRIED_LINES);
  if (most <= CLEARLY_MORE * evidence(longest)) return reading;
  const [upright] = await readPrepared([await sides[found.indexOf(most)]()]);
  return upright;
}

/** How many letters are in words, each counted by the confidence in its word. */
function evidence(lines: readonly LineReading[]): number {
  const words = lines.flatMap(({ words }) => words).filter(({ text }) => WORD.test(text));
  return words.reduce((sum, { text, confidence }) => sum + confidence * text.length, 0);
}
