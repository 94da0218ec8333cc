import type { GrayImage } from './gray-image.ts';

/**
 * Gray closing with a square of `2 × radius + 1` pixels: removes everything dark that is narrower than the square
 * and leaves what is light (Serra 1982). Beyond the edge, the edge's pixels are repeated.
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
    slideRows(result, width, height, radius);
    slideColumns(result, width, height, radius);
  }
  for (let i = 0; i < result.length; i++) result[i] ^= flip;
  return { width, height, data: result };
}

/**
 * Replaces each pixel by the maximum of its row's `2 × radius + 1` pixels around it: the running maximum of van Herk
 * (1992) and Gil & Werman (1993), which takes three comparisons a pixel for any radius.
 */
function slideRows(data: Uint8Array, width: number, height: number, radius: number): void {
  const size = 2 * radius + 1;
  const length = Math.ceil((width + 2 * radius) / size) * size;
  const line = new Uint8Array(length);
  const forward = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) line[x + radius] = data[start + x];
    line.fill(0, radius + width);
    for (let block = 0; block < length; block += size) {
      let highest = 0;
      for (let i = block; i < block + size; i++) forward[i] = highest = highest > line[i] ? highest : line[i];
      highest = 0;
      for (let i = block + size - 1; i >= block; i--) line[i] = highest = highest > line[i] ? highest : line[i];
    }
    for (let x = 0; x < width; x++) {
      const [before, after] = [line[x], forward[x + 2 * radius]];
      data[start + x] = before > after ? before : after;
    }
    line.fill(0, 0, radius);
  }
}

/** The same along columns, whole rows at a time to stay in the cache. */
function slideColumns(data: Uint8Array, width: number, height: number, radius: number): void {
  const size = 2 * radius + 1;
  const rows = Math.ceil((height + 2 * radius) / size) * size;
  const backward = new Uint8Array(rows * width);
  backward.set(data, radius * width);
  const forward = backward.slice();
  for (let row = 1; row < rows; row++) if (row % size !== 0) raiseRow(forward, row, row - 1, width);
  for (let row = rows - 2; row >= 0; row--) if ((row + 1) % size !== 0) raiseRow(backward, row, row + 1, width);
  const ahead = 2 * radius * width;
  for (let i = 0; i < data.length; i++) {
    const [before, after] = [backward[i], forward[i + ahead]];
    data[i] = before > after ? before : after;
  }
}

/** Raises the pixels of `row` to those of row `other` where these are higher. */
function raiseRow(data: Uint8Array, row: number, other: number, width: number): void {
  for (let i = row * width, k = other * width; i < (row + 1) * width; i++, k++)
    if (data[k] > data[i]) data[i] = data[k];
}
