import type { Box } from '../../../images/crop.ts';
import type { GrayImage } from '../../../images/gray-image.ts';

/** Level rules, upright ones, or both, every `step` pixels from `start`, drawn in place; `darkness` is what the paper under them is multiplied by. */
export function drawRules(
  image: GrayImage,
  start: number,
  step: number,
  thickness: number,
  darkness: number,
  rows: boolean,
  columns: boolean,
): void {
  if (rows) for (let y = start; y < image.height; y += step) drawBar(image, y, thickness, darkness, true);
  if (columns) for (let x = start; x < image.width; x += step) drawBar(image, x, thickness, darkness, false);
}

/** Dots at the corners of squares of `step` pixels. */
export function drawDots(image: GrayImage, step: number, thickness: number, darkness: number): void {
  for (let y = step; y < image.height; y += step) {
    for (let x = step; x < image.width; x += step) shade(image, x, y, thickness + 1, thickness + 1, darkness);
  }
}

/** One level or upright rule from rim to rim. */
export function drawBar(image: GrayImage, at: number, thickness: number, darkness: number, isRow: boolean): void {
  if (isRow) shade(image, 0, at, image.width, thickness, darkness);
  else shade(image, at, 0, thickness, image.height, darkness);
}

/** A frame of four rules along the sides of `box`. */
export function drawFrame(
  image: GrayImage,
  { left, top, right, bottom }: Box,
  thickness: number,
  darkness: number,
): void {
  shade(image, left, top, right - left, thickness, darkness);
  shade(image, left, bottom, right - left, thickness, darkness);
  shade(image, left, top, thickness, bottom - top, darkness);
  shade(image, right, top, thickness, bottom - top, darkness);
}

/** Multiplies a rectangle by `factor`. */
function shade(image: GrayImage, left: number, top: number, width: number, height: number, factor: number): void {
  const [x0, y0] = [Math.max(0, Math.round(left)), Math.max(0, Math.round(top))];
  const [x1, y1] = [Math.min(image.width, Math.round(left + width)), Math.min(image.height, Math.round(top + height))];
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) image.data[y * image.width + x] *= factor;
}
