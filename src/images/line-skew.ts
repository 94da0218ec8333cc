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
  const ink = inkOf(shrinkTo(image, Math.max(image.width, image.height) * scale));
  const level = profileEnergy(ink, 0);
  const rough = sharpest(ink, -limit, limit, COARSE_STEP);
  const fine = sharpest(ink, rough - COARSE_STEP, rough + COARSE_STEP, FINE_STEP);
  const angle = Math.max(-limit, Math.min(limit, fine));
  return profileEnergy(ink, angle) > MIN_GAIN * level ? angle : 0;
}

/** The pixels of an image that are not black, column by column. */
interface Ink {
  readonly width: number;
  readonly height: number;
  /** Column x has those from `starts[x]` to `starts[x + 1]`. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly levels: Uint8Array;
}

function inkOf({ width, height, data }: GrayImage): Ink {
  const ink = { width, height, starts: new Int32Array(width + 1), rows: new Int32Array(data.length) };
  const levels = new Uint8Array(data.length);
  let count = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0, i = x; y < height; y++, i += width) {
      if (data[i] === 0) continue;
      ink.rows[count] = y;
      levels[count++] = data[i];
    }
    ink.starts[x + 1] = count;
  }
  return { ...ink, levels };
}

function sharpest(ink: Ink, from: number, to: number, step: number): number {
  let best = 0;
  let bestEnergy = -1;
  const steps = Math.round((to - from) / step);
  for (let i = 0; i <= steps; i++) {
    const angle = from + i * step;
    const energy = profileEnergy(ink, angle);
    if (energy <= bestEnergy) continue;
    bestEnergy = energy;
    best = angle;
  }
  return best;
}

/** The sum of squares of the ink along parallel lines that descend by `degrees`. */
function profileEnergy({ width, height, starts, rows, levels }: Ink, degrees: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const reach = Math.ceil(Math.abs(slope) * width) + 1;
  const profile = new Float64Array(height + 2 * reach + 1);
  for (let x = 0; x < width; x++) {
    const shift = reach - slope * (x - width / 2);
    const whole = Math.floor(shift);
    const part = shift - whole;
    for (let i = starts[x]; i < starts[x + 1]; i++) {
      const below = levels[i] * part;
      profile[rows[i] + whole] += levels[i] - below;
      profile[rows[i] + whole + 1] += below;
    }
  }
  let energy = 0;
  for (const ink of profile) energy += ink * ink;
  return energy;
}
