import type { GrayImage } from './gray-image.ts';

/**
 * The mean width of strokes brighter than `threshold`, in pixels: twice their area by the pixels on their outline.
 * 0 if there are none.
 */
export function strokeWidth({ width, height, data }: GrayImage, threshold: number): number {
  let area = 0;
  let outline = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (data[i] <= threshold) continue;
      area++;
      const isInside =
        x > 0 &&
        x < width - 1 &&
        y > 0 &&
        y < height - 1 &&
        data[i - 1] > threshold &&
        data[i + 1] > threshold &&
        data[i - width] > threshold &&
        data[i + width] > threshold;
      if (!isInside) outline++;
    }
  }
  return outline === 0 ? 0 : (2 * area) / outline;
}
