import type { GrayImage } from './gray-image.ts';
import { resize } from './resize.ts';

/** Averages an image down so that its longest side has at most `longest` pixels, aspect kept; never enlarges. */
export function shrinkTo(image: GrayImage, longest: number): GrayImage {
  const scale = longest / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resize(image, side(image.width), side(image.height), 'area');
}
