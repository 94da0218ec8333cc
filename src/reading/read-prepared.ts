import { applyAffine, type Point } from '../images/affine.ts';
import { applyHomography } from '../images/homography.ts';
import type { PreparedPicture } from './prepare-picture.ts';
import type { CharacterReading, LineReading, Reading } from './reading.ts';

/** Reads pictures that are prepared, the lines of each reader together. */
export async function readPrepared(pictures: readonly PreparedPicture[]): Promise<Reading[]> {
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
