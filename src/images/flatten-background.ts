import { gaussianBlur } from './gaussian-blur.ts';
import type { GrayImage } from './gray-image.ts';
import { grayClosing } from './morphology.ts';
import { resize } from './resize.ts';

/** The background is estimated on a grid this many times coarser than the window. */
const CELLS_PER_WINDOW = 8;

/**
 * Turns dark writing on unevenly lit paper into ink on black: 255 × (1 − image / paper), so that paper is 0 in light
 * and in shadow. Light multiplies the paper's reflectance; the paper is estimated by a gray closing with a square of
 * `window` pixels, which must be wider than any stroke.
 */
export function flattenBackground(image: GrayImage, window: number): GrayImage {
  return inkOn(paperLight(image, window), image);
}

/** The ink of an image whose paper's light is known: 255 × (1 − image / paper). */
export function inkOn({ data: paper }: GrayImage, { width, height, data }: GrayImage): GrayImage {
  const ink = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (data[i] < paper[i]) ink[i] = 255 - ((255 * data[i]) / paper[i] + 0.5);
  }
  return { width, height, data: ink };
}

/** What the paper would look like without ink. */
export function paperLight(image: GrayImage, window: number): GrayImage {
  const { width, height } = image;
  const cell = Math.max(1, Math.floor(window / CELLS_PER_WINDOW));
  const coarse = resize(image, Math.ceil(width / cell), Math.ceil(height / cell), 'area');
  const radius = Math.max(1, Math.round(window / cell / 2));
  const paper = gaussianBlur(grayClosing(coarse, radius), radius / 8);
  return resize(paper, width, height, 'bilinear');
}
