import type { Point } from './affine.ts';
import type { GrayImage } from './gray-image.ts';

/** A part of an image in whole pixels; `left` and `top` are inside, `right` and `bottom` just outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Cuts `box` out of `image`; what reaches over the edge is left away, so at least one pixel must be inside. */
export function crop(image: GrayImage, box: Box): GrayImage {
  const left = Math.max(0, box.left);
  const top = Math.max(0, box.top);
  const width = Math.min(image.width, box.right) - left;
  const height = Math.min(image.height, box.bottom) - top;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * image.width + left;
    data.set(image.data.subarray(from, from + width), y * width);
  }
  return { width, height, data };
}

/** `box` grown by `margin` pixels on each side, within an image of `width` × `height`. */
export function growBox(box: Box, margin: number, width: number, height: number): Box {
  return {
    left: Math.max(0, box.left - margin),
    top: Math.max(0, box.top - margin),
    right: Math.min(width, box.right + margin),
    bottom: Math.min(height, box.bottom + margin),
  };
}

/** The corners of a box, clockwise from the upper left. */
export function cornersOf({ left, top, right, bottom }: Box): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
