import { TextRecognizerError } from '../errors.ts';
import { type Affine, composeAffine, scaleAffine } from '../images/affine.ts';
import { boxOf } from '../images/fill-polygon.ts';
import { cutPolygon, frameOf } from '../images/cut-polygon.ts';
import type { ImageSize, PictureFacts } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { Homography } from '../images/homography.ts';
import { type QuarterTurns, turnBack, turnQuarters } from '../images/quarter-turn.ts';
import type { Content } from './find-content.ts';
import type { PageFinder } from './find-lines.ts';
import { lookAtPicture } from './look-at-picture.ts';
import { hasRules } from '../text/constraints/text-rules.ts';
import { type Reader, type ReadOptions, requireDecoder } from './reader.ts';
import type { Polygon, ReadingKind } from './reading.ts';
import { rectifySheet } from './rectify-sheet.ts';

/** Finds the lines of a page, in reading order. */
export type LineFinder = (page: GrayImage) => readonly Polygon[] | Promise<readonly Polygon[]>;

export interface PictureOptions extends ReadOptions {
  /** Size of the picture as it was given, in which places are told; that of `image` by default. */
  readonly original?: PictureFacts;
  /** From pixels of `image` to those of the picture as it was given; by default the one is the other, shrunk. */
  readonly toPicture?: Affine;
  /** From where `toPicture` leads to pixels of the picture as it was given, where that was seen at an angle. */
  readonly perspective?: Homography;
  /** Only so many lines are prepared, the longest ones; all by default. */
  readonly mostLines?: number;
  /** Finds the lines of writing in a picture; without it the picture is read as one line, and refused if it holds several. */
  readonly findLines?: LineFinder;
  /** Those of the lines found whose writing the picture's rim cuts. */
  readonly cut?: ReadonlySet<Polygon>;
  /** Reads the same pieces, too: see `PreparedPicture.rival`. */
  readonly rival?: Reader;
}

/** A line, or what a picture holds, that is ready for the network of its reader. */
export interface PreparedPiece {
  readonly prepared: unknown;
  /** From the pixels that the reader saw to those of the picture. */
  readonly toPicture: Affine;
  /** The picture's rim cuts its writing. */
  readonly cut?: true;
}

/** A part of a picture, before it is prepared for a reader. */
type Piece = Omit<PreparedPiece, 'prepared'> & { readonly image: GrayImage };

/** A picture whose lines are ready for the network of their reader. */
export interface PreparedPicture {
  readonly kind: ReadingKind;
  readonly reader: Reader;
  readonly options: ReadOptions;
  readonly size: PictureFacts;
  readonly lines: readonly PreparedPiece[];
  /** From where the `toPicture` of the lines lead to pixels of the picture, where that was seen at an angle. */
  readonly perspective?: Homography;
  /** The same picture for a reader of lines, where it is unclear whether it shows a character: the surer reading counts. */
  readonly rival?: PreparedPicture;
  /** The same picture on its three other sides, which are tried where the reading is unsure. */
  readonly sides?: readonly PreparedSide[];
}

/** Prepares a picture turned to another side, or only so many of its longest lines. */
export type PreparedSide = (mostLines?: number) => Promise<PreparedPicture>;

/** What a picture holds, who finds its lines, and whether it may lie on its side or upside down. */
export interface Looked {
  readonly content: Content;
  readonly findLines?: LineFinder;
  readonly cut?: ReadonlySet<Polygon>;
  /** What is read instead of the picture. */
  readonly erased?: GrayImage;
  readonly mayBeTurned: boolean;
}

/** How a picture is looked at, and how what was seen in it is prepared for a reader. */
export interface Seer {
  look(image: GrayImage): Promise<Looked>;
  prepare(image: GrayImage, looked: Looked, options: PictureOptions): Promise<PreparedPicture>;
}

/** Looks at a picture with the network that finds lines, where its ink alone does not tell. */
export async function lookWith(picture: GrayImage, finder: () => Promise<PageFinder>): Promise<Looked> {
  const { content, cutouts, cut, isTidy, erased } = await lookAtPicture(picture, finder);
  return { content, findLines: cutouts && (() => cutouts), cut, erased, mayBeTurned: !isTidy && content !== 'blank' };
}

/**
 * Prepares a picture, or the sheet that it shows at an angle; its three other sides as well, which are looked at only where they are
 * wanted. `original` is the picture before it was shrunk.
 */
export async function prepareSeen(
  picture: GrayImage,
  original: PictureFacts,
  { look: lookAt, prepare }: Seer,
  options: PictureOptions,
): Promise<PreparedPicture> {
  const first = await lookAt(picture);
  const sheet = first.mayBeTurned ? rectifySheet(picture, original) : undefined;
  const [seen, look] = sheet ? [sheet.image, await lookAt(sheet.image)] : [picture, first];
  const upright = sheet ? scaleAffine(1, 1) : shrinking(original, picture);
  const view = { ...options, original, perspective: sheet?.perspective };
  const prepared = await prepare(seen, look, { ...view, toPicture: upright });
  if (!look.mayBeTurned || prepared.reader.manifest.kind !== 'line') return prepared;
  const side = (turns: QuarterTurns): PreparedSide => {
    const toPicture = composeAffine(upright, turnBack(seen, turns));
    // The side that is read in the end was tried before with a few of its lines.
    let turned: Promise<{ image: GrayImage; look: Looked }> | undefined;
    const see = async () => {
      const image = turnQuarters(seen, turns);
      return { image, look: await lookAt(image) };
    };
    return async (mostLines) => {
      const { image, look } = await (turned ??= see());
      return await prepare(image, look, { ...view, toPicture, mostLines });
    };
  };
  return { ...prepared, sides: ([1, 2, 3] as const).map(side) };
}

/** Makes a picture ready for a reader, given what the picture holds; throws SEVERAL_LINES, UNSUPPORTED_DECODER or INVALID_ARGUMENT. */
export async function preparePicture(
  image: GrayImage,
  content: Content,
  reader: Reader,
  {
    original = image,
    toPicture = shrinking(original, image),
    perspective,
    mostLines,
    findLines,
    cut,
    rival,
    ...options
  }: PictureOptions = {},
): Promise<PreparedPicture> {
  for (const each of rival ? [reader, rival] : [reader]) {
    requireDecoder(options.decoder, each);
    if (hasRules(options)) await each.check(options);
  }
  const { width, height, page, pages, resolution }: PictureFacts = original;
  const size = {
    width,
    height,
    ...(resolution !== undefined && { resolution }),
    ...(pages !== undefined && { page, pages }),
  };
  if (content === 'blank') return { reader, options, size, kind: 'blank', lines: [] };
  if (content === 'lines' && (reader.manifest.kind !== 'line' || findLines === undefined)) throw severalLines();
  const places = findLines === undefined ? [] : await findLines(image);
  const found = longest(places, mostLines).map((polygon) => cutOut(image, polygon, toPicture, cut?.has(polygon)));
  const isPage = content === 'lines' || found.length > 1;
  const pieces = isPage || found.length === 1 ? found : [{ image, toPicture }];
  const preparedFor = (each: Reader): PreparedPicture => ({
    reader: each,
    options,
    size,
    perspective,
    kind: isPage ? 'page' : each.manifest.kind,
    lines: pieces.map(({ image: piece, toPicture, cut }) => ({ prepared: each.prepare(piece), toPicture, cut })),
  });
  return { ...preparedFor(reader), ...(rival && { rival: preparedFor(rival) }) };
}

/** The widest of some places, in their order. */
function longest(places: readonly Polygon[], most = places.length): readonly Polygon[] {
  if (most >= places.length) return places;
  const width = (place: Polygon) => {
    const { left, right } = boxOf(place);
    return right - left;
  };
  const least = places.map(width).sort((a, b) => b - a)[most - 1];
  return places.filter((place) => width(place) >= least);
}

/** From pixels of a picture that was shrunk to those that it had. */
function shrinking(original: ImageSize, { width, height }: ImageSize): Affine {
  return scaleAffine(original.width / width, original.height / height);
}

/** The piece of a picture that readers are to see: without the desk, the frame or the neighbours around it. */
function cutOut(image: GrayImage, polygon: Polygon, toPicture: Affine, isCut = false): Piece {
  const { left, top } = frameOf(image, polygon);
  return {
    image: cutPolygon(image, polygon),
    toPicture: composeAffine(toPicture, scaleAffine(1, 1, left, top)),
    cut: isCut || undefined,
  };
}

function severalLines(): TextRecognizerError {
  return new TextRecognizerError(
    'SEVERAL_LINES',
    'The picture holds several lines of writing, and one line or one character is read at a time. ' +
      'Cut it into its lines, and turn it upright if it lies on its side.',
  );
}
