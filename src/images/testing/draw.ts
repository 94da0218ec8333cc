import type { GrayImage } from '../gray-image.ts';

/** An image whose pixels are `tone(x, y)`, clipped to 0 … 255. */
export function draw(width: number, height: number, tone: (x: number, y: number) => number): GrayImage {
  const data = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = tone(x, y);
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** Whether (x, y) lies on a ring around (cx, cy) of the given radius and stroke width. */
export function isOnRing(x: number, y: number, cx: number, cy: number, radius: number, stroke: number): boolean {
  return Math.abs(Math.hypot(x - cx, y - cy) - radius) < stroke / 2;
}
