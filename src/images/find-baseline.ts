import type { Box } from './crop.ts';
import type { GrayImage } from './gray-image.ts';

/** The ink above and below the baseline is compared over this share of the writing's height. */
const REACH_SHARE = 1 / 10;

/**
 * The row on which the letters of a level line of white ink on black stand: below it, at its upper edge, there is least ink for
 * how much is above. `writing` is where the ink is.
 */
export function findBaseline({ width, data }: GrayImage, { left, top, right, bottom }: Box): number {
  const reach = Math.max(1, Math.round((bottom - top) * REACH_SHARE));
  // sums[y - top]: the ink of all rows above row y.
  const sums = new Float64Array(bottom - top + 1);
  for (let y = top; y < bottom; y++) {
    let ink = 0;
    for (let x = left; x < right; x++) ink += data[y * width + x];
    sums[y - top + 1] = sums[y - top] + ink;
  }
  const inkTo = (y: number) => sums[Math.min(bottom - top, Math.max(0, y - top))];
  let best = bottom;
  let most = -Infinity;
  for (let y = top + 1; y <= bottom; y++) {
    const drop = 2 * inkTo(y) - inkTo(y - reach) - inkTo(y + reach);
    if (drop < most) continue;
    most = drop;
    best = y;
  }
  return best;
}
