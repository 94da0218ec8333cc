import type { GrayImage } from './gray-image.ts';
import { shrinkTo } from './shrink.ts';

/** The line is judged at this height, in pixels. */
const COARSE_HEIGHT = 64;
const COARSE_STEP = 0.5;
const FINE_STEP = 0.1;
/** The profile must become this much sharper for a turn to be believed. */
const MIN_GAIN = 1.03;

/**
 * The angle in degrees, clockwise positive, by which a line of white ink on black descends to the right, within ± `limit`; 0
 * where none is clear. The angle whose horizontal projection profile has the most energy, after Postl (1986).
 */
export function lineSkew(image: GrayImage, limit: number): number {
  const scale = Math.min(1, COARSE_HEIGHT / image.height);
  const coarse = shrinkTo(image, Math.max(image.width, image.height) * scale);
  const level = profileEnergy(coarse, 0);
  const rough = sharpest(coarse, -limit, limit, COARSE_STEP);
  const fine = sharpest(coarse, rough - COARSE_STEP, rough + COARSE_STEP, FINE_STEP);
  const angle = Math.max(-limit, Math.min(limit, fine));
  return profileEnergy(coarse, angle) > MIN_GAIN * level ? angle : 0;
}

function sharpest(image: GrayImage, from: number, to: number, step: number): number {
  let best = 0;
  let bestEnergy = -1;
  const steps = Math.round((to - from) / step);
  for (let i = 0; i <= steps; i++) {
    const angle = from + i * step;
    const energy = profileEnergy(image, angle);
    if (energy <= bestEnergy) continue;
    bestEnergy = energy;
    best = angle;
  }
  return best;
}

/** The sum of squares of the ink along parallel lines that descend by `degrees`. */
function profileEnergy({ width, height, data }: GrayImage, degrees: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const reach = Math.ceil(Math.abs(slope) * width) + 1;
  const profile = new Float64Array(height + 2 * reach + 1);
  for (let x = 0; x < width; x++) {
    const shift = reach - slope * (x - width / 2);
    const whole = Math.floor(shift);
    const part = shift - whole;
    for (let y = 0; y < height; y++) {
      const ink = data[y * width + x];
      if (ink === 0) continue;
      profile[y + whole] += ink * (1 - part);
      profile[y + whole + 1] += ink * part;
    }
  }
  return profile.reduce((sum, value) => sum + value * value, 0);
}
