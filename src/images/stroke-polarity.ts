import { gaussianBlur } from './gaussian-blur.ts';
import type { GrayImage } from './gray-image.ts';
import { resize } from './resize.ts';
import { shrinkTo } from './shrink.ts';

/** The height, in pixels, at which a line is judged, and the reach of the light around a pixel there. */
const COARSE = 64;
const REACH = 6;
/** The light is computed at a scale so many times smaller, which loses nothing at that reach. */
const COARSER = 4;
/** Keeps contrasts in the dark, where noise is large beside the light, from counting much. */
const FLOOR = 16;

/**
 * Whether the strokes of a line of writing are darker than the paper. Strokes are thin: beside the light around them they stand out on
 * one side only, while the edge of a shadow, a sheet or a desk does so on both. So the third moment of the local contrast tells.
 */
export function areStrokesDark(line: GrayImage): boolean {
  const small = shrinkTo(line, (COARSE * Math.max(line.width, line.height)) / line.height);
  const light = lightAround(small).data;
  let moment = 0;
  for (let i = 0; i < light.length; i++) {
    const contrast = (small.data[i] - light[i]) / (light[i] + FLOOR);
    moment += contrast * contrast * contrast;
  }
  return moment <= 0;
}

function lightAround(image: GrayImage): GrayImage {
  const { width, height } = image;
  const coarse = resize(image, Math.ceil(width / COARSER), Math.ceil(height / COARSER), 'area');
  return resize(gaussianBlur(coarse, REACH / COARSER), width, height, 'bilinear');
}
