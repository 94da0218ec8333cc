import type { Component } from './connected-components.ts';
import type { Box } from './crop.ts';
import { inkOn, paperLight } from './flatten-background.ts';
import type { GrayImage } from './gray-image.ts';
import { findInk } from './ink-box.ts';
import { inkLevels, pixelNoise } from './ink-levels.ts';
import { grayHistogram } from './otsu-threshold.ts';
import { areStrokesDark } from './stroke-polarity.ts';
import { invert } from './invert.ts';
import { shrinkTo } from './shrink.ts';
import { strokeWidth } from './stroke-width.ts';

/** Longest side at which ink is looked for, in pixels. */
const SIDE = 768;
/** The window for the paper's light, as a share of the longest side. */
const WINDOW_SHARE = 1 / 2;
/** Marks smaller than this share of the largest are specks. */
const SPECK_SHARE = 0.02;
/** What is faint still stands out by so much from the paper, and by so many deviations of its noise. */
const FAINT_CONTRAST = 10;
const FAINT_SIGMAS = 4;

/** The ink of a picture. */
export interface InkMarks {
  readonly width: number;
  readonly height: number;
  /** 1 where there is ink, `[height · width]`. */
  readonly mask: Uint8Array;
  /** Around all ink. */
  readonly box: Box;
  /** Width of the strokes, in pixels. */
  readonly stroke: number;
  /** What hangs together, without specks. */
  readonly marks: readonly Component[];
  /** Whether there is more than ink that lies clear of the rim: a frame, a rule, an edge, a neighbour; specks do not count. */
  readonly isCluttered: boolean;
  /** The share of the picture, beside the box around all ink, that is darker than its paper and too faint for ink: rules, dots. */
  readonly faint: number;
  /** By how much the light on the paper changes over the picture: 0 where it is even, 1 from white to black. */
  readonly unevenness: number;
}

/** Finds the ink of a picture, dark on light or light on dark; undefined where there is none. */
export function findMarks(image: GrayImage): InkMarks | undefined {
  const small = shrinkTo(image, SIDE);
  const dark = areStrokesDark(small) ? small : invert(small);
  const window = Math.max(3, Math.max(small.width, small.height) * WINDOW_SHARE);
  const paper = paperLight(dark, window);
  const flat = inkOn(paper, dark);
  const levels = inkLevels(flat);
  const ink = levels && findInk(flat, levels.threshold, true);
  if (ink === undefined) return undefined;
  const { width, height, data } = ink.image;
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) mask[i] = data[i] > levels!.threshold ? 1 : 0;
  const largest = ink.marks.reduce((most, { area, isInk }) => (isInk ? Math.max(most, area) : most), 0);
  const large = ink.marks.filter(({ area }) => area >= SPECK_SHARE * largest);
  return {
    width,
    height,
    mask,
    box: ink.box,
    stroke: strokeWidth(ink.image, levels!.threshold),
    marks: large.filter(({ isInk }) => isInk),
    isCluttered: large.some(({ isAtRim, isInk }) => isAtRim || !isInk),
    faint: faintShare(flat, ink.box),
    unevenness: unevennessOf(paper),
  };
}

/** How much of a picture beside `box` stands out from the paper, as a share of the whole picture. */
function faintShare(flat: GrayImage, { left, top, right, bottom }: Box): number {
  const { width, height, data } = flat;
  const level = Math.max(FAINT_CONTRAST, FAINT_SIGMAS * pixelNoise(flat));
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) {
    const isBeside = y >= top && y < bottom;
    for (let x = 0; x < width; x++, i++) {
      if (isBeside && x >= left && x < right) continue;
      if (data[i] > level) count++;
    }
  }
  return count / data.length;
}

function unevennessOf({ data }: GrayImage): number {
  const light = grayHistogram(data);
  const [low, high] = [0.02, 0.98].map((share) => grayAt(light, Math.floor(share * (data.length - 1))));
  return high === 0 ? 0 : (high - low) / high;
}

/** The gray value that comes at `rank`, from 0, when all are sorted. */
function grayAt(histogram: Uint32Array, rank: number): number {
  let gray = 0;
  for (let count = histogram[0]; count <= rank; count += histogram[gray]) gray++;
  return gray;
}
