import type { GrayImage } from '../../images/gray-image.ts';
import type { Random } from '../../random/random.ts';

/** What the paper of synthetic lines shows besides the writing. */
export interface PaperOptions {
  /** Share of lines on ruled paper. Default 0. */
  readonly ruled?: number;
  /** Share of lines with the mirrored writing of the page's other side. Default 0. */
  readonly showThrough?: number;
}

/** Adds rules and show-through to `line` in place, each to the share of lines that the options name. */
export function addPaper(line: GrayImage, { ruled = 0, showThrough = 0 }: PaperOptions, random: Random): void {
  if (random.uniform() < showThrough) addShowThrough(line, random.between(0.15, 0.5), random);
  if (random.uniform() < ruled) addRule(line, random);
}

/** A printed line to write on: thin, pale or dark, whole or dotted, not quite level. */
function addRule({ width, height, data }: GrayImage, random: Random): void {
  const ink = random.between(60, 200);
  const thickness = random.between(0.7, 1.8);
  const dotted = random.uniform() < 0.25 ? 2 + random.below(5) : 0;
  let middle = random.between(0.6, 0.95) * height;
  const slope = random.between(-0.006, 0.006);
  const from = random.uniform() < 0.2 ? random.below(width) : 0;
  for (let x = from; x < width; x++, middle += slope) {
    if (dotted > 0 && x % (2 * dotted) >= dotted) continue;
    const top = Math.max(0, Math.floor(middle - thickness));
    for (let y = top; y <= Math.min(height - 1, middle + thickness); y++) {
      const covered = Math.min(1, Math.max(0, thickness / 2 + 0.5 - Math.abs(y - middle)));
      const at = y * width + x;
      data[at] = Math.max(data[at], covered * ink);
    }
  }
}

/** The writing itself mirrored, shifted and pale stands for what is on the other side. */
function addShowThrough({ width, height, data }: GrayImage, strength: number, random: Random): void {
  const own = data.slice();
  const down = random.below(height) - (height >> 1);
  const along = random.below(width);
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = 0; x < width; x++) {
      const mirrored = own[(y - down) * width + ((2 * width - 1 - x - along) % width)];
      const at = y * width + x;
      data[at] = Math.max(data[at], strength * mirrored);
    }
  }
}
