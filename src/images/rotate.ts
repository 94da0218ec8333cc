import type { GrayImage } from './gray-image.ts';

/**
 * Turns an image by `degrees` clockwise about its middle, bilinearly, in a frame of the same size. What comes in from
 * outside is black.
 */
export function rotate({ width, height, data }: GrayImage, degrees: number): GrayImage {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [centerX, centerY] = [(width - 1) / 2, (height - 1) / 2];
  const turned = new Uint8Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    const startX = centerX - cos * centerX + sin * (y - centerY);
    const startY = centerY + sin * centerX + cos * (y - centerY);
    for (let x = 0; x < width; x++, i++) {
      const fromX = startX + cos * x;
      const fromY = startY - sin * x;
      const isInside = fromX >= 0 && fromY >= 0 && fromX < width - 1 && fromY < height - 1;
      turned[i] = isInside ? sampleInside(data, width, fromX, fromY) : sample(data, width, height, fromX, fromY);
    }
  }
  return { width, height, data: turned };
}

/** The gray between four pixels, bilinearly. */
function sampleInside(data: Uint8Array, width: number, x: number, y: number): number {
  const left = x | 0;
  const top = y | 0;
  const fx = x - left;
  const i = top * width + left;
  const upper = data[i] + fx * (data[i + 1] - data[i]);
  const lower = data[i + width] + fx * (data[i + width + 1] - data[i + width]);
  return upper + (y - top) * (lower - upper) + 0.5;
}

/** The same with what is outside black. */
function sample(data: Uint8Array, width: number, height: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) return 0;
  const [fx, fy] = [x - left, y - top];
  const i = top * width + left;
  const [isLeft, isRight] = [left >= 0, left + 1 < width];
  const upper = top < 0 ? 0 : (isLeft ? data[i] * (1 - fx) : 0) + (isRight ? data[i + 1] * fx : 0);
  if (top + 1 >= height) return upper * (1 - fy) + 0.5;
  const lower = (isLeft ? data[i + width] * (1 - fx) : 0) + (isRight ? data[i + width + 1] * fx : 0);
  return upper * (1 - fy) + lower * fy + 0.5;
}
