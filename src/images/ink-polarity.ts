import { gaussianBlur } from './gaussian-blur.ts';
import type { GrayImage } from './gray-image.ts';
import { shrinkTo } from './shrink.ts';

/** The image is judged at this longest side, in pixels. */
const COARSE = 64;
/** Ink is told from noise by the mean of the most extreme pixels on either side. */
const EXTREME_SHARE = 0.005;

/**
 * Whether the ink is darker than the paper. Paper is the tone that prevails over the whole image and along its rim,
 * which count alike; ink is what differs from it most. The light's slow changes are taken away first.
 */
export function isInkDark(image: GrayImage): boolean {
  const { tones, width, height } = detail(shrinkTo(image, COARSE));
  const sorted = tones.slice().sort();
  const extremes = Math.max(1, Math.round(sorted.length * EXTREME_SHARE));
  const darkest = mean(sorted.subarray(0, extremes));
  const lightest = mean(sorted.subarray(-extremes));
  const paper = prevailingTone(tones, width, height);
  return paper - darkest >= lightest - paper;
}

/** The image less its own blur: strokes stay, uneven light goes. */
function detail(image: GrayImage): { tones: Float32Array; width: number; height: number } {
  const { width, height, data } = image;
  const light = gaussianBlur(image, Math.max(width, height) / 4).data;
  return { tones: Float32Array.from(data, (value, i) => value - light[i]), width, height };
}

/** The median of all tones, in which the pixels of the rim weigh together as much as all pixels. */
function prevailingTone(tones: Float32Array, width: number, height: number): number {
  const rim: number[] = [];
  for (let x = 0; x < width; x++) rim.push(tones[x], tones[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) rim.push(tones[y * width], tones[y * width + width - 1]);
  const rimWeight = tones.length / rim.length;
  const weighted = [
    ...Array.from(tones, (tone) => ({ tone, weight: 1 })),
    ...rim.map((tone) => ({ tone, weight: rimWeight })),
  ];
  weighted.sort((a, b) => a.tone - b.tone);
  let left = tones.length;
  for (const { tone, weight } of weighted) {
    left -= weight;
    if (left < 0) return tone;
  }
  return weighted[weighted.length - 1].tone;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
