import type { GrayImage } from './gray-image.ts';

/** Black to white and back: 255 − x. */
export function invert({ width, height, data }: GrayImage): GrayImage {
  return { width, height, data: data.map((value) => 255 - value) };
}
