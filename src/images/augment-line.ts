import type { Random } from '../random/random.ts';
import { addBleed, addClouds, addNoise, changeThickness, changeTone } from './change-ink.ts';
import type { GrayImage } from './gray-image.ts';
import { type LineWarp, gridColumns, gridRows, warpLine } from './warp-line.ts';

/** A range to draw from, evenly. */
export type Range = readonly [low: number, high: number];

/** How lines are changed at random: each change comes with `probability`, by an amount from its range. */
export interface AugmentLineOptions {
  /** Probability of each change by itself, 0 to 1. */
  readonly probability: number;
  /** Degrees, clockwise. Rotation, shear and scale are one change. */
  readonly rotation: Range;
  /** Degrees by which uprights lean to the right. */
  readonly shear: Range;
  /** Factor on both sides. */
  readonly scale: Range;
  /** Standard deviation, in pixels, of the displacement of a grid's nodes. */
  readonly elastic: Range;
  /** −1 (thinner) to 1 (thicker); see `changeThickness`. */
  readonly thickness: Range;
  /** Factor on the ink, and what is added to all as a share of white. */
  readonly brightness: Range;
  readonly contrast: Range;
  readonly gamma: Range;
  /** Standard deviation in gray levels. */
  readonly noise: Range;
  /** Strength of the ink that shows through from the back, 0 to 1. */
  readonly bleed: Range;
  /** Strength of the paper's clouds, in gray levels. */
  readonly clouds: Range;
  /** Factor on the probability of noise, of bleed and of clouds, which are rarer than changes of the hand. */
  readonly paper: number;
}

/** After HTRNet (Retsinas et al. 2022, "Best practices for a handwritten text recognition system"), with paper of our own. */
export const defaultLineAugmentation: AugmentLineOptions = {
  probability: 0.5,
  rotation: [-1, 1],
  shear: [-30, 30],
  scale: [0.6, 1.2],
  elastic: [0.5, 2],
  thickness: [-0.4, 0.8],
  brightness: [-0.2, 0.2],
  contrast: [0.8, 1.2],
  gamma: [0.6, 1.4],
  noise: [2, 14],
  bleed: [0.1, 0.35],
  clouds: [10, 50],
  paper: 0.3,
};

/**
 * Changes a line of white ink on black at random into a new one of the same height and of `width` pixels, to which it is
 * stretched: geometry in one pass, then strokes, tone and paper. The same random numbers give the same bytes.
 */
export function augmentLine(
  line: GrayImage,
  width: number,
  random: Random,
  options: AugmentLineOptions = defaultLineAugmentation,
): GrayImage {
  const happens = (probability = options.probability) => random.uniform() < probability;
  const draw = ([low, high]: Range) => random.between(low, high);
  const result = warpLine(line, width, drawWarp(width, random, options));
  if (happens()) changeThickness(result, draw(options.thickness));
  if (happens(options.probability * options.paper)) addBleed(result, draw(options.bleed));
  if (happens()) changeTone(result, draw(options.contrast), draw(options.brightness), draw(options.gamma));
  if (happens(options.probability * options.paper)) addClouds(result, draw(options.clouds), random);
  if (happens(options.probability * options.paper)) addNoise(result, draw(options.noise), random);
  return result;
}

function drawWarp(width: number, random: Random, options: AugmentLineOptions): LineWarp {
  const isMoved = random.uniform() < options.probability;
  const isBent = random.uniform() < options.probability;
  const draw = ([low, high]: Range, otherwise: number) => (isMoved ? random.between(low, high) : otherwise);
  return {
    rotation: draw(options.rotation, 0),
    shear: draw(options.shear, 0),
    scale: draw(options.scale, 1),
    place: draw([-1, 1], 0),
    displacement: drawDisplacement(width, isBent ? random.between(...options.elastic) : 0, random),
  };
}

function drawDisplacement(width: number, sigma: number, random: Random): Float32Array {
  const displacement = new Float32Array(2 * gridRows * gridColumns(width));
  if (sigma > 0) for (let i = 0; i < displacement.length; i++) displacement[i] = sigma * random.normal();
  return displacement;
}
