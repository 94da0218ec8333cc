import type { GrayImage } from '../../images/gray-image.ts';

/** Spreads ink in place as a lens does: every pixel gives `share` (0 to 1/3) to each neighbour, first along rows, then along columns. */
export function soften({ width, height, data }: GrayImage, share: number): void {
  if (share <= 0) return;
  const keep = 1 - 2 * share;
  for (let y = 0; y < height; y++) {
    let before = 0;
    for (let at = y * width; at < (y + 1) * width; at++) {
      const here = data[at];
      const after = at + 1 < (y + 1) * width ? data[at + 1] : 0;
      data[at] = keep * here + share * (before + after) + 0.5;
      before = here;
    }
  }
  const above = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const here = data[at];
      const below = y + 1 < height ? data[at + width] : 0;
      data[at] = keep * here + share * (above[x] + below) + 0.5;
      above[x] = here;
    }
  }
}
