import type { GrayImage } from './gray-image.ts';
import { Random } from '../random/random.ts';

/** Grows (`amount` 0 to 1) or shrinks (−1 to 0) strokes in place: mixes each pixel with its extreme neighbour above, below, left, right. */
export function changeThickness({ width, height, data }: GrayImage, amount: number): void {
  const isGrowing = amount > 0;
  const share = Math.abs(amount);
  const above = new Uint8Array(width);
  const current = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    above.set(y === 0 ? data.subarray(0, width) : current);
    current.set(data.subarray(row, row + width));
    const below = y === height - 1 ? row : row + width;
    for (let x = 0; x < width; x++) {
      const value = current[x];
      const left = x > 0 ? current[x - 1] : value;
      const right = x < width - 1 ? current[x + 1] : value;
      let extreme = value;
      if (isGrowing) {
        if (left > extreme) extreme = left;
        if (right > extreme) extreme = right;
        if (above[x] > extreme) extreme = above[x];
        if (data[below + x] > extreme) extreme = data[below + x];
      } else {
        if (left < extreme) extreme = left;
        if (right < extreme) extreme = right;
        if (above[x] < extreme) extreme = above[x];
        if (data[below + x] < extreme) extreme = data[below + x];
      }
      if (extreme !== value) data[row + x] = value + share * (extreme - value) + 0.5;
    }
  }
}

/** Maps gray values in place: 255 × ((x / 255) ^ gamma × gain + offset), clipped. */
export function changeTone({ data }: GrayImage, gain: number, offset: number, gamma: number): void {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, x) => 255 * ((x / 255) ** gamma * gain + offset));
  for (let i = 0; i < data.length; i++) data[i] = table[data[i]];
}

/** Adds the line's own mirror image, at `strength` (0 to 1), as ink that shows through from the back of the sheet. */
export function addBleed({ width, height, data }: GrayImage, strength: number): void {
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    for (let left = 0, right = width - 1; left < right; left++, right--) {
      const [a, b] = [row[left], row[right]];
      if (strength * b > a) row[left] = strength * b;
      if (strength * a > b) row[right] = strength * a;
    }
  }
}

const NOISE_SIZE = 4096;
let normals: Float32Array | undefined;

/** Adds normal noise of deviation `sigma` (gray levels) in place; each row reads a fixed table from a random place. */
export function addNoise({ width, height, data }: GrayImage, sigma: number, random: Random): void {
  if (normals === undefined) {
    const source = Random.of(0x6e6f6973);
    normals = Float32Array.from({ length: NOISE_SIZE }, () => source.normal());
  }
  for (let y = 0, i = 0; y < height; y++) {
    const start = random.below(NOISE_SIZE);
    for (let x = 0; x < width; x++, i++) {
      const value = data[i] + sigma * normals[(start + x) & (NOISE_SIZE - 1)];
      data[i] = value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
    }
  }
}

const CLOUD_STEP = 16;

/** Lightens the black of the paper in place by clouds of up to `strength` gray levels, some 16 pixels across. */
export function addClouds({ width, height, data }: GrayImage, strength: number, random: Random): void {
  const columns = Math.ceil(width / CLOUD_STEP) + 2;
  const rows = Math.ceil(height / CLOUD_STEP) + 2;
  const nodes = Float32Array.from({ length: rows * columns }, () => strength * random.uniform());
  for (let y = 0, i = 0; y < height; y++) {
    const at = Math.floor(y / CLOUD_STEP) * columns;
    const down = (y % CLOUD_STEP) / CLOUD_STEP;
    for (let x = 0; x < width; x++, i++) {
      const node = at + Math.floor(x / CLOUD_STEP);
      const right = (x % CLOUD_STEP) / CLOUD_STEP;
      const upper = nodes[node] + right * (nodes[node + 1] - nodes[node]);
      const lower = nodes[node + columns] + right * (nodes[node + columns + 1] - nodes[node + columns]);
      const paper = upper + down * (lower - upper);
      if (paper > data[i]) data[i] = paper;
    }
  }
}
