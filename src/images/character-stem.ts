import { type Box, crop, growBox } from './crop.ts';
import { flattenBackground } from './flatten-background.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { type GrayImage, blankImage, checkGrayImage } from './gray-image.ts';
import { findInk } from './ink-box.ts';
import { inkLevels } from './ink-levels.ts';
import { isInkDark } from './ink-polarity.ts';
import { invert } from './invert.ts';
import { padCentered } from './pad.ts';
import { resize } from './resize.ts';
import { shrinkTo } from './shrink.ts';
import { stretchContrast } from './stretch-contrast.ts';
import { strokeWidth } from './stroke-width.ts';

/** Side of the images that the stem makes, in pixels. */
export const CHARACTER_SIZE = 28;

/** A 28 × 28 image whose outermost pixels are darker than this on average has been through a stem already. */
const DARK_RIM = 32;
/** The character is looked for at this longest side, in pixels, first in the whole image, then around it. */
const SEARCH_SIDE = 192;
/** The window for the paper's light, as a share of the longest side at first, later in widths of the stroke. */
const WINDOW_SHARE = 1 / 2;
const WINDOW_STROKES = 5;
/** Longest side of the ink before it is blurred, and of its canvas, four times the result; as in NIST's scans. */
const INK_SIDE = 88;
const CANVAS_SIDE = 112;
const BLUR_SIGMA = 1.5;
/** A stroke's pixels are those with at least this share of the brightest; so many of them are made white. */
const STROKE_SHARE = 0.25;
const WHITE_SHARE = 0.3;

/**
 * Turns any picture of one character into white ink on black, 28 × 28, as EMNIST was made from NIST's scans: the ink
 * is cropped, kept in proportion, centered with a margin of 2 pixels, blurred and reduced bicubically (Cohen et al.
 * 2017, "EMNIST: an extension of MNIST to handwritten letters", section II-B).
 *
 * Takes dark ink on unevenly lit paper or light ink on dark, of any size. A 28 × 28 image with a dark rim (mean of
 * the outermost pixels below 32) is returned unchanged, so EMNIST's own images are. Without ink the result is black.
 */
export function characterStem(image: GrayImage): GrayImage {
  return locateCharacter(image).character;
}

/** What the stem made of a picture, and where the ink was; undefined where there is none. */
export interface LocatedCharacter {
  readonly character: GrayImage;
  /** In pixels of the picture, and their fractions; the whole of a picture that has been through a stem already. */
  readonly box: Box | undefined;
}

/** The character stem, which also says where in the picture the character is. */
export function locateCharacter(image: GrayImage): LocatedCharacter {
  checkGrayImage(image);
  if (isCharacterImage(image)) {
    const box = { left: 0, top: 0, right: image.width, bottom: image.height };
    return { character: { ...image, data: image.data.slice() }, box };
  }
  const found = isolateInk(isInkDark(image) ? image : invert(image));
  if (found === undefined) return { character: blankImage(CHARACTER_SIZE, CHARACTER_SIZE), box: undefined };
  return { character: normaliseInk(found.ink), box: found.box };
}

/** Whether `image` is 28 × 28 with a dark rim: what the stem would make, or EMNIST itself. */
export function isCharacterImage({ width, height, data }: GrayImage): boolean {
  if (width !== CHARACTER_SIZE || height !== CHARACTER_SIZE) return false;
  const last = CHARACTER_SIZE - 1;
  let sum = 0;
  for (let i = 0; i < last; i++) {
    sum += data[i] + data[i * CHARACTER_SIZE + last] + data[last * CHARACTER_SIZE + i + 1];
    sum += data[(i + 1) * CHARACTER_SIZE];
  }
  return sum < DARK_RIM * 4 * last;
}

/** Crops to the ink and separates it from the paper; coarsely first, so that a small character keeps its detail. */
function isolateInk(image: GrayImage): { readonly ink: GrayImage; readonly box: Box } | undefined {
  const coarse = shrinkTo(image, SEARCH_SIDE);
  const found = separateInk(coarse, Math.max(coarse.width, coarse.height) * WINDOW_SHARE);
  if (found === undefined) return undefined;
  const around = enlargedBox(found.box, image, coarse);
  const region = crop(image, around);
  const fine = shrinkTo(region, SEARCH_SIDE);
  const fineByCoarse = ((fine.width / region.width) * image.width) / coarse.width;
  const again = separateInk(fine, found.stroke * fineByCoarse * WINDOW_STROKES);
  if (again === undefined) return { ink: crop(found.image, found.box), box: boxIn(image, coarse, found.box) };
  return { ink: crop(again.image, again.box), box: boxIn(region, fine, again.box, around) };
}

/** A box of `small`, which is `large` shrunk, in pixels of what `large` was cut out of at `origin`. */
function boxIn(large: GrayImage, small: GrayImage, box: Box, { left, top } = { left: 0, top: 0 }): Box {
  const [x, y] = [large.width / small.width, large.height / small.height];
  return {
    left: left + x * box.left,
    top: top + y * box.top,
    right: left + x * box.right,
    bottom: top + y * box.bottom,
  };
}

/** A box of the coarse image as one of the fine image, with a quarter of its longest side around it. */
function enlargedBox(box: Box, fine: GrayImage, coarse: GrayImage): Box {
  const margin = Math.ceil(Math.max(box.right - box.left, box.bottom - box.top) / 4) + 1;
  const { left, top, right, bottom } = growBox(box, margin, coarse.width, coarse.height);
  const x = fine.width / coarse.width;
  const y = fine.height / coarse.height;
  return {
    left: Math.floor(left * x),
    top: Math.floor(top * y),
    right: Math.ceil(right * x),
    bottom: Math.ceil(bottom * y),
  };
}

/** Ink on black, where it is, and how wide its strokes are, in pixels. */
interface SeparatedInk {
  readonly image: GrayImage;
  readonly box: Box;
  readonly stroke: number;
}

/** Dark ink on paper to full ink (255) on black (0). */
function separateInk(image: GrayImage, window: number): SeparatedInk | undefined {
  const flat = flattenBackground(image, window);
  const levels = inkLevels(flat);
  if (levels === undefined) return undefined;
  const ink = findInk(flat, levels.threshold);
  if (ink === undefined) return undefined;
  const stroke = strokeWidth(ink.image, levels.threshold);
  return { image: stretchContrast(ink.image, levels.paper, levels.ink), box: ink.box, stroke };
}

/** Scales the cropped ink, centers, blurs and reduces it. */
function normaliseInk(ink: GrayImage): GrayImage {
  const scale = INK_SIDE / Math.max(ink.width, ink.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const scaled = resize(ink, side(ink.width), side(ink.height), scale < 1 ? 'area' : 'bicubic');
  const canvas = gaussianBlur(padCentered(scaled, CANVAS_SIDE, CANVAS_SIDE), BLUR_SIGMA);
  const small = resize(canvas, CHARACTER_SIZE, CHARACTER_SIZE, 'bicubic');
  return stretchContrast(small, 0, whiteLevel(small));
}

/** The level above which the given share of the stroke's pixels lies. */
function whiteLevel({ data }: GrayImage): number {
  const brightest = data.reduce((a, b) => Math.max(a, b));
  const stroke = data.filter((value) => value > STROKE_SHARE * brightest).sort();
  return stroke[Math.floor(stroke.length * (1 - WHITE_SHARE))] ?? 255;
}
