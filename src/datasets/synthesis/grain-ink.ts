import type { GrayImage } from '../../images/gray-image.ts';
import type { Random } from '../../random/random.ts';
import { wander } from './wander.ts';

/** Takes a random share, up to `grain`, from every pixel with ink, in place: rough paper. */
export function grainInk({ data }: GrayImage, grain: number, random: Random): void {
  if (grain <= 0) return;
  for (let i = 0; i < data.length; i++) if (data[i] > 0) data[i] *= 1 - grain * random.uniform();
}

/** Takes up to the share `fading` from the ink of columns here and there, in place: a pen that runs dry and is dipped again. */
export function fadeInk({ width, data }: GrayImage, fading: number, random: Random): void {
  if (fading <= 0) return;
  const lost = wander(40, random);
  const kept = Float32Array.from({ length: width }, (_, x) => 1 - fading * Math.max(0, lost(x)));
  for (let i = 0; i < data.length; i++) data[i] *= kept[i % width];
}
