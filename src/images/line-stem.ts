import { TextRecognizerError } from '../errors.ts';
import { type Affine, composeAffine, rotateAffine, scaleAffine } from './affine.ts';
import { connectedComponents, unionBox } from './connected-components.ts';
import { type Box, crop } from './crop.ts';
import { flattenBackground } from './flatten-background.ts';
import { type GrayImage, blankImage, checkGrayImage } from './gray-image.ts';
import { inkLevels } from './ink-levels.ts';
import { areStrokesDark } from './stroke-polarity.ts';
import { invert } from './invert.ts';
import { lineSkew } from './line-skew.ts';
import { padCentered } from './pad.ts';
import { fadeRules } from './fade-rules.ts';
import { resize } from './resize.ts';
import { rotate } from './rotate.ts';
import { shrinkTo } from './shrink.ts';
import { stretchContrast } from './stretch-contrast.ts';
import { strokeWidth } from './stroke-width.ts';

/** What the line stem does and what it leaves alone. */
export interface LineStemOptions {
  /** Height of the result in pixels; 64 by default. */
  readonly height?: number;
  /** Longer lines are shrunk to this width in pixels, proportions kept; 4096 by default. */
  readonly maxWidth?: number;
  /** Whether to take away the paper's uneven light; true by default. */
  readonly flatten?: boolean;
  /** Whether to fade the rules of ruled paper; true by default. */
  readonly fadeRules?: boolean;
  /** The largest rotation that is straightened, in degrees; 5 by default, 0 for none. */
  readonly maxSkew?: number;
  /** Whether to cut the image down to the writing; true by default. */
  readonly crop?: boolean;
}

/** The line is worked on at this longest side, in pixels, unless it would become lower than twice the usual result. */
const WORK_SIDE = 2048;
const WORK_HEIGHT = 128;
/** An image this much of which is pure paper has been through a stem already. */
const CLEAN_SHARE = 0.5;
const CLEAN_TOLERANCE = 5;
/** Of the result's height, the margin above and below the writing, and before and behind it. */
const MARGIN_SHARE = 1 / 16;
/** Small writing is enlarged no more than this. */
const MAX_ENLARGEMENT = 2;
/** The window for the paper's light, as a share of the height at first, later in widths of the stroke. */
const WINDOW_SHARE = 1 / 2;
const WINDOW_STROKES = 6;

/**
 * Turns a picture of one line of writing into white ink on black of a fixed height, any width, proportions kept: uneven
 * light and a slight rotation are taken away, rules fade, and the writing fills the height but for a margin of a 16th.
 *
 * An image of that height of which at least half is pure white (or pure black) is only inverted (or left unchanged): it
 * has been through a stem already. Without ink the result is black.
 */
export function lineStem(image: GrayImage, options: LineStemOptions = {}): GrayImage {
  return locateLine(image, options).line;
}

/**
 * A line of light ink on black, cut down to its writing and set into the same height, as the stem does with photographs: so
 * that networks learn lines of data sets, which are cut by other rules, in the sizes that they will meet.
 */
export function fitWriting(image: GrayImage): GrayImage {
  checkGrayImage(image);
  const ink = stretchInk(image);
  if (ink.stroke === 0) return image;
  return setIntoLine(image, writingBox(ink), withDefaults({ height: image.height })).line;
}

/** What the stem made of a picture, and where it is there. */
export interface LocatedLine {
  readonly line: GrayImage;
  /** Where in `line` the writing is. */
  readonly writing: Box;
  /** From pixels of `line` to those of the picture. */
  readonly toPicture: Affine;
  /** Whether there is no ink. */
  readonly isBlank: boolean;
}

/** The line stem, which also says where in the picture the line is. */
export function locateLine(image: GrayImage, options: LineStemOptions = {}): LocatedLine {
  checkGrayImage(image);
  const all = withDefaults(options);
  const done = alreadyDone(image, all.height, all.maxWidth);
  if (done !== undefined) return asGiven(done);
  const work = shrinkTo(image, Math.max(WORK_SIDE, (WORK_HEIGHT * image.width) / image.height));
  const { skew, ...ink } = straighten(separateInk(areStrokesDark(work) ? work : invert(work), all), all);
  const box = all.crop ? writingBox(ink) : wholeOf(ink.image);
  const { line, writing } = setIntoLine(ink.image, box, all);
  const step = [
    (box.right - box.left) / (writing.right - writing.left),
    (box.bottom - box.top) / (writing.bottom - writing.top),
  ];
  const toLevel = scaleAffine(step[0], step[1], box.left - writing.left * step[0], box.top - writing.top * step[1]);
  const toWork = composeAffine(rotateAffine(skew, work.width, work.height), toLevel);
  const toPicture = composeAffine(scaleAffine(image.width / work.width, image.height / work.height), toWork);
  return { line, writing, toPicture, isBlank: ink.stroke === 0 };
}

/** A line that is in its picture as it was given. */
function asGiven(line: GrayImage): LocatedLine {
  const ink = stretchInk(line);
  return { line, writing: writingBox(ink), toPicture: scaleAffine(1, 1), isBlank: ink.stroke === 0 };
}

function wholeOf({ width, height }: GrayImage): Box {
  return { left: 0, top: 0, right: width, bottom: height };
}

function withDefaults(options: LineStemOptions): Required<LineStemOptions> {
  const { height = 64, maxWidth = 4096, maxSkew = 5 } = options;
  const { flatten = true, fadeRules: isUnruled = true, crop: isCropped = true } = options;
  if (!Number.isInteger(height) || height < 8 || !Number.isInteger(maxWidth) || maxWidth < height) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `A line needs a height of at least 8 pixels and a maxWidth of at least that; got ${height} and ${maxWidth}.`,
    );
  }
  if (!(maxSkew >= 0 && maxSkew <= 45)) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `maxSkew is an angle from 0 to 45 degrees; got ${maxSkew}.`);
  }
  return { height, maxWidth, maxSkew, flatten, fadeRules: isUnruled, crop: isCropped };
}

/** The image itself, or inverted, if it is a line on clean paper that needs nothing else. */
function alreadyDone(image: GrayImage, height: number, maxWidth: number): GrayImage | undefined {
  if (image.height !== height || image.width > maxWidth) return undefined;
  const share = (isClean: (value: number) => boolean) =>
    image.data.reduce((count, value) => count + (isClean(value) ? 1 : 0), 0) / image.data.length;
  if (share((value) => value >= 255 - CLEAN_TOLERANCE) >= CLEAN_SHARE) return invert(image);
  if (share((value) => value <= CLEAN_TOLERANCE) >= CLEAN_SHARE) return { ...image, data: image.data.slice() };
  return undefined;
}

/** Light ink on black with what is known of its strokes. */
interface Ink {
  readonly image: GrayImage;
  /** Ink is brighter. */
  readonly threshold: number;
  /** Width of the strokes, in pixels; 0 without ink. */
  readonly stroke: number;
}

/** Dark ink on paper to full ink (255) on black (0). */
function separateInk(image: GrayImage, { flatten }: { flatten: boolean }): Ink {
  if (!flatten) return stretchInk(invert(image));
  const rough = stretchInk(flattenBackground(image, Math.max(3, image.height * WINDOW_SHARE)));
  if (rough.stroke === 0) return rough;
  return stretchInk(flattenBackground(image, rough.stroke * WINDOW_STROKES));
}

function stretchInk(flat: GrayImage): Ink {
  const levels = inkLevels(flat);
  if (levels === undefined) return { image: blankImage(flat.width, flat.height), threshold: 127, stroke: 0 };
  const image = stretchContrast(flat, levels.paper, levels.ink);
  return { image, threshold: 127, stroke: strokeWidth(image, 127) };
}

/** Turns the line, which descends by `skew` degrees, level, and fades rules, which are level then. */
function straighten(
  ink: Ink,
  { maxSkew, fadeRules: isUnruled }: { maxSkew: number; fadeRules: boolean },
): Ink & { readonly skew: number } {
  if (ink.stroke === 0) return { ...ink, skew: 0 };
  const skew = maxSkew > 0 ? lineSkew(ink.image, maxSkew) : 0;
  const level = skew === 0 ? ink.image : rotate(ink.image, -skew);
  return { ...ink, image: isUnruled ? withoutRules(level, ink) : level, skew };
}

function withoutRules(image: GrayImage, { stroke, threshold }: Ink): GrayImage {
  return fadeRules(image, threshold / 2, {
    minLength: Math.max(image.width / 4, 2 * image.height),
    maxGap: 2,
    maxThickness: Math.max(3, 1.5 * stroke),
  });
}

/** The box around all marks that are not dust; the whole image without ink. */
function writingBox({ image, threshold, stroke }: Ink): Box {
  const { width, height, data } = image;
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) mask[i] = data[i] > threshold ? 1 : 0;
  const smallest = Math.max(3, 0.4 * stroke * stroke);
  const marks = connectedComponents(mask, width, height).components.filter(({ area }) => area >= smallest);
  return unionBox(marks.map(({ box }) => box)) ?? wholeOf(image);
}

/** Scales what is in `box` to the line's height less its margins, and sets it in the middle; `writing` is where it is then. */
function setIntoLine(
  image: GrayImage,
  box: Box,
  { height, maxWidth, crop: isCropped }: { height: number; maxWidth: number; crop: boolean },
): { line: GrayImage; writing: Box } {
  const margin = isCropped ? Math.round(height * MARGIN_SHARE) : 0;
  const [inner, widest] = [height - 2 * margin, maxWidth - 2 * margin];
  const [boxWidth, boxHeight] = [box.right - box.left, box.bottom - box.top];
  const scale = Math.min(inner / boxHeight, widest / boxWidth, MAX_ENLARGEMENT);
  const width = Math.max(1, Math.min(widest, Math.round(boxWidth * scale)));
  const scaledHeight = Math.max(1, Math.min(inner, Math.round(boxHeight * scale)));
  const scaled = resize(crop(image, box), width, scaledHeight, scale < 1 ? 'area' : 'bicubic');
  const top = (height - scaledHeight) >> 1;
  const writing = { left: margin, top, right: margin + width, bottom: top + scaledHeight };
  return { line: padCentered(scaled, width + 2 * margin, height), writing };
}
