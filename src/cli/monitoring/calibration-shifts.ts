import { changeThickness } from '../../images/change-ink.ts';
import { crop } from '../../images/crop.ts';
import { gaussianBlur } from '../../images/gaussian-blur.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { invert } from '../../images/invert.ts';
import { turnQuarters } from '../../images/quarter-turn.ts';
import { resize } from '../../images/resize.ts';
import type { Random } from '../../random/random.ts';
import { mirror, rotateOnPaper, shrink } from './disturb-picture.ts';

type Change = (picture: GrayImage, random: Random) => GrayImage;

/**
 * What is done to validation pictures so that the expected errors are fitted to bad ones, too. Kinds that the drill sends have other
 * strengths here, weaker and stronger, and its mirrored writing is none of them: the drill tests on what the fit has not seen.
 */
export const calibrationShifts = {
  soft: (picture, random) => gaussianBlur(picture, (picture.height / 64) * eitherOf(random, [0.5, 1.4], [2.7, 4])),
  turned: (picture, random) =>
    rotateOnPaper(picture, (random.uniform() < 0.5 ? -1 : 1) * eitherOf(random, [0.7, 2.7], [7.5, 11])),
  coarse: (picture, random) => shrink(picture, eitherOf(random, [0.28, 0.6], [0.1, 0.14])),
  smeared: (picture, random) => smear(picture, (picture.height / 64) * random.between(3, 9)),
  noisy: (picture, random) => addNoise(picture, random.between(10, 40), random),
  faded: (picture, random) => fade(picture, random.between(0.1, 0.4)),
  'upside-down': flip,
  'turned-round': (picture) => turnQuarters(picture, 2),
  thick: (picture, random) => thicken(picture, 1 + random.below(Math.ceil(picture.height / 20))),
  thin: (picture, random) => thicken(picture, -1 - random.below(Math.ceil(picture.height / 40))),
  cropped: (picture, random) => cropRows(picture, random.between(0.15, 0.4), random.uniform() < 0.5),
  narrow: (picture, random) => stretch(picture, random.between(0.3, 0.7)),
  wide: (picture, random) => stretch(picture, random.between(1.5, 3)),
  slanted: (picture, random) => slant(picture, (random.uniform() < 0.5 ? -1 : 1) * random.between(0.4, 1)),
} as const satisfies Record<string, Change>;

export type CalibrationShift = keyof typeof calibrationShifts;

type Range = readonly [low: number, high: number];

function eitherOf(random: Random, ...ranges: readonly Range[]): number {
  const [low, high] = ranges[random.below(ranges.length)];
  return random.between(low, high);
}

/** Means of so many neighbours in a row, as a camera that moves leaves them. */
function smear({ width, height, data }: GrayImage, pixels: number): GrayImage {
  const half = Math.max(1, Math.round(pixels / 2));
  const smeared = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const at = (x: number) => row[Math.min(width - 1, Math.max(0, x))];
    let sum = 0;
    for (let x = -half; x <= half; x++) sum += at(x);
    for (let x = 0; x < width; x++) {
      smeared[y * width + x] = sum / (2 * half + 1);
      sum += at(x + half + 1) - at(x - half);
    }
  }
  return { width, height, data: smeared };
}

function addNoise({ width, height, data }: GrayImage, deviation: number, random: Random): GrayImage {
  const noisy = Uint8ClampedArray.from(data, (gray) => gray + deviation * random.normal());
  return { width, height, data: new Uint8Array(noisy.buffer) };
}

/** Ink that has lost all but a share of its contrast. */
function fade({ width, height, data }: GrayImage, share: number): GrayImage {
  return { width, height, data: data.map((gray) => 230 - share * (230 - gray)) };
}

function flip(picture: GrayImage): GrayImage {
  return turnQuarters(mirror(picture), 2);
}

/** Dark strokes that are so many pixels thicker on each side, or thinner. */
function thicken(picture: GrayImage, pixels: number): GrayImage {
  const ink = invert(picture);
  for (let i = 0; i < Math.abs(pixels); i++) changeThickness(ink, Math.sign(pixels));
  return invert(ink);
}

function cropRows(picture: GrayImage, share: number, isTop: boolean): GrayImage {
  const { width, height } = picture;
  const rows = Math.max(8, Math.round((1 - share) * height));
  const top = isTop ? height - rows : 0;
  return crop(picture, { left: 0, top, right: width, bottom: top + rows });
}

function stretch(picture: GrayImage, factor: number): GrayImage {
  return resize(
    picture,
    Math.max(8, Math.round(factor * picture.width)),
    picture.height,
    factor < 1 ? 'area' : 'bilinear',
  );
}

/** Moves rows sideways, by `lean` pixels for each row; what comes in has the gray of the corners. */
function slant({ width, height, data }: GrayImage, lean: number): GrayImage {
  const more = Math.ceil(Math.abs(lean) * height);
  const wide = width + more;
  const slanted = new Uint8Array(wide * height);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const shift = Math.round(lean > 0 ? lean * (height - 1 - y) : -lean * y);
    const target = slanted.subarray(y * wide, (y + 1) * wide);
    target.fill(row[0], 0, shift).fill(row[width - 1], shift + width);
    target.set(row, shift);
  }
  return { width: wide, height, data: slanted };
}
