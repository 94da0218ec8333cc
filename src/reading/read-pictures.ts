import { applyAffine, type Point } from '../images/affine.ts';
import { applyHomography } from '../images/homography.ts';
import type { PreparedPicture, PreparedSide } from './prepare-picture.ts';
import type { CharacterReading, LineReading, Reading } from './reading.ts';

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

/** Reads pictures as they are, the lines of each reader together. */
async function readPrepared(pictures: readonly PreparedPicture[]): Promise<Reading[]> {
  const found = new Map<PreparedPicture, LineReading[]>();
  for (const reader of new Set(pictures.map((picture) => picture.reader))) {
    const own = pictures.filter((picture) => picture.reader === reader);
    const inputs = own.flatMap(({ options, lines }) => lines.map(({ prepared }) => ({ ...options, prepared })));
    const readings = inputs.length > 0 ? await reader.read(inputs) : [];
    let next = 0;
    for (const picture of own) {
      const lines = picture.lines.map(({ toPicture, cut }) => {
        const line = moved(readings[next++], (point) => {
          const place = applyAffine(toPicture, point);
          return picture.perspective ? applyHomography(picture.perspective, place) : place;
        });
        return cut ? Object.assign({}, line, { cut }) : line;
      });
      found.set(picture, lines);
    }
  }
  return pictures.map((picture) => readingOf(picture, found.get(picture)!));
}

function readingOf({ kind, reader, size }: PreparedPicture, lines: readonly LineReading[]): Reading {
  return {
    kind,
    text: lines.map(({ text }) => text).join('\n'),
    confidence: lines.reduce((product, { confidence }) => product * confidence, 1),
    alternatives: lines.length === 1 ? lines[0].alternatives : [],
    lines,
    model: reader.manifest.name,
    licence: reader.manifest.licence,
    ...size,
  };
}

/** A line with its places told in other pixels. */
function moved(line: LineReading, map: (point: Point) => Point): LineReading {
  const move = (points: readonly Point[]) => points.map((point) => rounded(map(point)));
  const characters = new Map<CharacterReading, CharacterReading>();
  for (const each of line.characters) characters.set(each, { ...each, polygon: move(each.polygon) });
  const words = line.words.map((word) => ({
    ...word,
    polygon: move(word.polygon),
    characters: word.characters.map((each) => characters.get(each)!),
  }));
  return {
    ...line,
    polygon: move(line.polygon),
    baseline: move(line.baseline),
    words,
    characters: Array.from(characters.values()),
  };
}

/** To hundredths of a pixel. */
function rounded([x, y]: Point): Point {
  return [Math.round(100 * x) / 100, Math.round(100 * y) / 100];
}
