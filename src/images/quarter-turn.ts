import type { Affine } from './affine.ts';
import type { GrayImage } from './gray-image.ts';

/** How often an image is turned by 90° clockwise. */
export type QuarterTurns = 1 | 2 | 3;

/** Turns an image by quarters, clockwise, pixel by pixel. */
export function turnQuarters({ width, height, data }: GrayImage, turns: QuarterTurns): GrayImage {
  const turned = new Uint8Array(data.length);
  const wide = turns === 2 ? width : height;
  const step = { 1: height, 2: -1, 3: -height }[turns];
  for (let y = 0, i = 0; y < height; y++) {
    let to = { 1: height - 1 - y, 2: data.length - 1 - y * width, 3: (width - 1) * height + y }[turns];
    for (let x = 0; x < width; x++, to += step) turned[to] = data[i++];
  }
  return { width: wide, height: data.length / wide, data: turned };
}

/** From pixels of the turned image to those of the one before, of `width` × `height`. */
export function turnBack({ width, height }: Pick<GrayImage, 'width' | 'height'>, turns: QuarterTurns): Affine {
  if (turns === 1) return [0, -1, 1, 0, 0, height];
  return turns === 2 ? [-1, 0, 0, -1, width, height] : [0, 1, -1, 0, width, 0];
}
