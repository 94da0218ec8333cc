import type { GrayImage } from '../../images/gray-image.ts';
import { resize } from '../../images/resize.ts';
import type { Random } from '../../random/random.ts';

/** A line of light ink on black as somebody might send it: dark ink on unevenly lit paper, with a margin, enlarged, with noise. */
export function photographLine(line: GrayImage, random: Random): GrayImage {
  const scale = random.between(1.2, 2);
  const ink = resize(line, Math.round(scale * line.width), Math.round(scale * line.height));
  const margin = 10 + random.below(16);
  const [width, height] = [ink.width + 2 * margin, ink.height + 2 * margin];
  const [paper, slope, dark] = [random.between(200, 240), random.between(-30, 30), random.between(20, 80)];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x - margin, y - margin];
      const isInside = fromX >= 0 && fromY >= 0 && fromX < ink.width && fromY < ink.height;
      const share = isInside ? ink.data[fromY * ink.width + fromX] / 255 : 0;
      const light = paper + slope * (x / width - 0.5);
      // The sum of two uniform numbers: noise with a standard deviation of 2.4.
      const noise = 6 * (random.uniform() + random.uniform() - 1);
      data[y * width + x] = Math.max(0, Math.min(255, light - share * (light - dark) + noise));
    }
  }
  return { width, height, data };
}
