import type { GrayImage } from './gray-image.ts';

/** Maps gray `low` to 0 and `high` to 255, linearly between and clipped beyond. */
export function stretchContrast({ width, height, data }: GrayImage, low: number, high: number): GrayImage {
  const scale = 255 / Math.max(1, high - low);
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => (value - low) * scale);
  const stretched = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) stretched[i] = table[data[i]];
  return { width, height, data: stretched };
}
