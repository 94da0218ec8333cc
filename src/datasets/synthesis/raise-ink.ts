import type { GrayImage } from '../../images/gray-image.ts';

/**
 * Brightens the ink in place, by one factor for all pixels, until the median of what is more than half ink reaches `level` (1 to 255),
 * as scanners and our own stem stretch contrast; never darkens it.
 */
export function raiseInk({ data }: GrayImage, level: number): void {
  const histogram = new Uint32Array(256);
  for (let i = 0; i < data.length; i++) histogram[data[i]]++;
  let count = 0;
  for (let value = 128; value < 256; value++) count += histogram[value];
  if (count === 0) return;
  let median = 128;
  for (let below = histogram[128]; below * 2 < count; below += histogram[median]) median++;
  const gain = level / median;
  if (gain <= 1) return;
  for (let i = 0; i < data.length; i++) data[i] = Math.min(255, gain * data[i] + 0.5);
}
