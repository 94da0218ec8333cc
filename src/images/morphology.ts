import type { GrayImage } from './gray-image.ts';

/**
 * Gray closing with a square of `2 × radius + 1` pixels: removes everything dark that is narrower than the square
 * and leaves what is light (Serra 1982). Beyond the edge, the edge's pixels go on.
 */
export function grayClosing(image: GrayImage, radius: number): GrayImage {
  return grayErosion(grayDilation(image, radius), radius);
}

/** The maximum within a square of `2 × radius + 1` pixels around each pixel. */
export function grayDilation(image: GrayImage, radius: number): GrayImage {
  return slideExtreme(image, radius, 0);
}

/** The minimum within a square of `2 × radius + 1` pixels around each pixel. */
export function grayErosion(image: GrayImage, radius: number): GrayImage {
  return slideExtreme(image, radius, 255);
}

/** Minimum as 255 − maximum(255 − x): `flip` is 0 for the maximum and 255 for the minimum. */
function slideExtreme({ width, height, data }: GrayImage, radius: number, flip: 0 | 255): GrayImage {
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = data[i] ^ flip;
  if (radius > 0) {
    const window = new SlidingMaximum(Math.max(width, height), radius);
    for (let y = 0; y < height; y++) window.apply(result, y * width, 1, width);
    for (let x = 0; x < width; x++) window.apply(result, x, width, height);
  }
  for (let i = 0; i < result.length; i++) result[i] ^= flip;
  return { width, height, data: result };
}

/** The running maximum of van Herk (1992) and Gil & Werman (1993): three comparisons a pixel for any radius. */
class SlidingMaximum {
  readonly #radius: number;
  readonly #line: Uint8Array;
  readonly #forward: Uint8Array;

  constructor(longest: number, radius: number) {
    this.#radius = radius;
    const blocks = Math.ceil((longest + 2 * radius) / (2 * radius + 1));
    this.#line = new Uint8Array(blocks * (2 * radius + 1));
    this.#forward = new Uint8Array(this.#line.length);
  }

  /** Replaces `count` pixels from `start`, `step` apart, by their running maximum. */
  apply(data: Uint8Array, start: number, step: number, count: number): void {
    const line = this.#line;
    const forward = this.#forward;
    const radius = this.#radius;
    const size = 2 * radius + 1;
    const length = Math.ceil((count + 2 * radius) / size) * size;
    line.fill(0, 0, length);
    for (let i = 0; i < count; i++) line[i + radius] = data[start + i * step];
    for (let i = 0; i < length; i++) forward[i] = i % size === 0 ? line[i] : Math.max(forward[i - 1], line[i]);
    for (let i = length - 2; i >= 0; i--) if ((i + 1) % size !== 0) line[i] = Math.max(line[i], line[i + 1]);
    for (let i = 0; i < count; i++) data[start + i * step] = Math.max(line[i], forward[i + size - 1]);
  }
}
