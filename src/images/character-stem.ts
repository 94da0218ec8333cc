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

/** Side of the images that the stem makes, in pixels. */
export const CHARACTER_SIZE = 28;

/** A 28 × 28 image whose outermost pixels are darker than this on average has been through a stem already. */
const DARK_RIM = 32;
/** The character is looked for at this longest side, in pixels, first in the whole image, then around it. */
const SEARCH_SIDE = 256;
/** Longest side of the ink before it is blurred, and of the canvas: NIST's scans, reduced to twice the result. */
const INK_SIDE = 44;
const CANVAS_SIDE = 56;

/**
 * Turns any picture of one character into white ink on black, 28 × 28, as EMNIST was made from NIST's scans: the ink
 * is cropped, kept in proportion, centered with a margin of 2 pixels, blurred and reduced bicubically (Cohen et al.
 * 2017, "EMNIST: an extension of MNIST to handwritten letters", section II-B).
 *
 * Takes dark ink on unevenly lit paper or light ink on dark, of any size. A 28 × 28 image with a dark rim (mean of
 * the outermost pixels below 32) is returned unchanged, so EMNIST's own images are. Without ink the result is black.
 */
export function characterStem(image: GrayImage): GrayImage {
  checkGrayImage(image);
  if (isCharacterImage(image)) return { ...image, data: image.data.slice() };
  const dark = isInkDark(image) ? image : invert(image);
  const ink = isolateInk(dark);
  return ink === undefined ? blankImage(CHARACTER_SIZE, CHARACTER_SIZE) : normaliseInk(ink);
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
function isolateInk(image: GrayImage): GrayImage | undefined {
  const coarse = shrinkTo(image, SEARCH_SIDE);
  const found = separateInk(coarse);
  if (found === undefined || coarse === image) return found && crop(found.image, found.box);
  const fine = shrinkTo(crop(image, enlargedBox(found.box, image, coarse)), SEARCH_SIDE);
  const again = separateInk(fine) ?? found;
  return crop(again.image, again.box);
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

/** Dark ink on paper to full ink (255) on black (0), and the box around it. */
function separateInk(image: GrayImage): { box: Box; image: GrayImage } | undefined {
  const window = Math.max(3, Math.max(image.width, image.height) / 2);
  const flat = flattenBackground(image, window);
  const levels = inkLevels(flat);
  const ink = levels && findInk(flat, levels.threshold);
  return ink && { box: ink.box, image: stretchContrast(ink.image, levels.paper, levels.ink) };
}

/** Scales the cropped ink, centers, blurs and halves it. */
function normaliseInk(ink: GrayImage): GrayImage {
  const scale = INK_SIDE / Math.max(ink.width, ink.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const scaled = resize(ink, side(ink.width), side(ink.height), scale < 1 ? 'area' : 'bicubic');
  const canvas = gaussianBlur(padCentered(scaled, CANVAS_SIDE, CANVAS_SIDE), 1);
  const small = resize(canvas, CHARACTER_SIZE, CHARACTER_SIZE, 'bicubic');
  return stretchContrast(
    small,
    0,
    Math.max(
      1,
      small.data.reduce((a, b) => Math.max(a, b)),
    ),
  );
}
