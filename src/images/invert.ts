import type { GrayImage } from './gray-image.ts';

/** Black to white and back: 255 − x. */
export function invert({ width, height, data }: GrayImage): GrayImage {
  const inverted = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) inverted[i] = 255 - data[i];
  return { width, height, data: inverted };
}
