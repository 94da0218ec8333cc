import { TextRecognizerError } from '../errors.ts';
import { type Affine, applyAffine, composeAffine, type Point, scaleAffine } from '../images/affine.ts';
import { cutPolygon, frameOf } from '../images/cut-polygon.ts';
import type { PictureFacts } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { Content } from './find-content.ts';
import { type Reader, type ReadOptions, requireDecoder } from './reader.ts';
import type { CharacterReading, LineReading, Polygon, Reading, ReadingKind } from './reading.ts';

/** Finds the lines of a page, in reading order. */
export type LineFinder = (page: GrayImage) => readonly Polygon[] | Promise<readonly Polygon[]>;

export interface PictureOptions extends ReadOptions {
  /** Size of the picture as it was given, in which places are told; that of `image` by default. */
  readonly original?: PictureFacts;
  /** Finds the lines of writing in a picture; without it the picture is read as one line, and refused if it holds several. */
  readonly findLines?: LineFinder;
}

/** A picture whose lines are ready for the network of their reader. */
export interface PreparedPicture {
  readonly kind: ReadingKind;
  readonly reader: Reader;
  readonly options: ReadOptions;
  readonly size: PictureFacts;
  /** Each with the map from the pixels that the reader saw to those of the picture. */
  readonly lines: readonly { readonly prepared: unknown; readonly toPicture: Affine }[];
  /** The same picture for a reader of lines, where it is unclear whether it shows a character: the surer reading counts. */
  readonly rival?: PreparedPicture;
}

/** Makes a picture ready for a reader, given what the picture holds; throws SEVERAL_LINES or UNSUPPORTED_DECODER. */
export async function preparePicture(
  image: GrayImage,
  content: Content,
  reader: Reader,
  { original = image, findLines, ...options }: PictureOptions = {},
): Promise<PreparedPicture> {
  requireDecoder(options.decoder, reader);
  const { width, height, page, pages, resolution }: PictureFacts = original;
  const size = {
    width,
    height,
    ...(resolution !== undefined && { resolution }),
    ...(pages !== undefined && { page, pages }),
  };
  const toPicture = scaleAffine(size.width / image.width, size.height / image.height);
  const prepared = { reader, options, size };
  if (content === 'blank') return { ...prepared, kind: 'blank', lines: [] };
  const reads = reader.manifest.kind;
  if (content === 'lines' && (reads !== 'line' || findLines === undefined)) throw severalLines();
  const places = findLines === undefined ? [] : await findLines(image);
  const lines = places.map((polygon) => cutOut(image, polygon, reader, toPicture));
  if (content === 'lines' || lines.length > 1) return { ...prepared, kind: 'page', lines };
  return {
    ...prepared,
    kind: reads,
    lines: lines.length === 1 ? lines : [{ prepared: reader.prepare(image), toPicture }],
  };
}

/** The piece of a picture that a reader is to see: without the desk, the frame or the neighbours around it. */
function cutOut(
  image: GrayImage,
  polygon: Polygon,
  reader: Reader,
  toPicture: Affine,
): PreparedPicture['lines'][number] {
  const { left, top } = frameOf(image, polygon);
  const prepared = reader.prepare(cutPolygon(image, polygon));
  return { prepared, toPicture: composeAffine(toPicture, scaleAffine(1, 1, left, top)) };
}

/** Reads pictures that are prepared: all lines of one reader together. */
export async function readPictures(pictures: readonly PreparedPicture[]): Promise<Reading[]> {
  const all = pictures.flatMap((picture) => (picture.rival ? [picture, picture.rival] : [picture]));
  const readings = await readEach(all);
  let next = 0;
  return pictures.map(({ rival }) => {
    const reading = readings[next++];
    return rival ? surer(reading, readings[next++]) : reading;
  });
}

/** Confidences are calibrated, so that those of two readers compare. A line of one letter is no other opinion than that letter. */
function surer(character: Reading, line: Reading): Reading {
  const letters = line.text.match(/[\p{L}\p{N}]/gu) ?? [];
  return letters.length > 1 && line.confidence > character.confidence ? line : character;
}

async function readEach(pictures: readonly PreparedPicture[]): Promise<Reading[]> {
  const found = new Map<PreparedPicture, LineReading[]>();
  for (const reader of new Set(pictures.map((picture) => picture.reader))) {
    const own = pictures.filter((picture) => picture.reader === reader);
    const inputs = own.flatMap(({ options, lines }) => lines.map(({ prepared }) => ({ ...options, prepared })));
    const readings = inputs.length > 0 ? await reader.read(inputs) : [];
    let next = 0;
    for (const picture of own) {
      const lines = picture.lines.map(({ toPicture }) => moved(readings[next++], toPicture));
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
function moved(line: LineReading, map: Affine): LineReading {
  const move = (points: readonly Point[]) => points.map((point) => rounded(applyAffine(map, point)));
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

function severalLines(): TextRecognizerError {
  return new TextRecognizerError(
    'SEVERAL_LINES',
    'The picture holds several lines of writing, and one line or one character is read at a time. ' +
      'Cut it into its lines, and turn it upright if it lies on its side.',
  );
}
