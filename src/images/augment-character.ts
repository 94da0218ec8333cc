import type { Random } from '../random/random.ts';

/** How characters are changed at random; every range is symmetric, and 0 switches a change off. */
export interface AugmentCharacterOptions {
  /** Degrees. */
  readonly rotation: number;
  /** Horizontal shift per vertical pixel. */
  readonly shear: number;
  /** Relative change of size, for each axis by itself. */
  readonly scale: number;
  /** Pixels. */
  readonly shift: number;
  /** Standard deviation, in pixels, of the displacement at the nodes of a 5×5 grid (after Simard et al. 2003). */
  readonly elastic: number;
  /** Probability that strokes become thicker or thinner. */
  readonly thickness: number;
  /** Relative change of the ink's brightness. */
  readonly brightness: number;
  /** Standard deviation of added noise, in gray levels. */
  readonly noise: number;
}

export const defaultCharacterAugmentation: AugmentCharacterOptions = {
  rotation: 10,
  shear: 0.15,
  scale: 0.1,
  shift: 1.5,
  elastic: 0.7,
  thickness: 0.3,
  brightness: 0.1,
  noise: 0,
};

const gridSize = 5;
const displacementX = new Float32Array(gridSize * gridSize);
const displacementY = new Float32Array(gridSize * gridSize);
let scratch = new Uint8Array(0);

/** Changes a `[height, width]` image (ink 255) at random: geometry in one bilinear pass, then stroke and ink. */
export function augmentCharacter(
  source: Uint8Array,
  target: Uint8Array,
  width: number,
  height: number,
  random: Random,
  options: AugmentCharacterOptions = defaultCharacterAugmentation,
): void {
  if (scratch.length < target.length) scratch = new Uint8Array(target.length);
  const isRestroked = random.uniform() < options.thickness;
  const warped = isRestroked ? scratch : target;
  warp(source, warped, width, height, random, options);
  if (isRestroked) restroke(warped, target, width, height, random.between(-0.6, 0.6));
  if (options.brightness > 0 || options.noise > 0) changeInk(target, random, options);
}

function warp(
  source: Uint8Array,
  target: Uint8Array,
  width: number,
  height: number,
  random: Random,
  options: AugmentCharacterOptions,
): void {
  const angle = (random.between(-options.rotation, options.rotation) * Math.PI) / 180;
  const shear = random.between(-options.shear, options.shear);
  const scaleX = 1 / (1 + random.between(-options.scale, options.scale));
  const scaleY = 1 / (1 + random.between(-options.scale, options.scale));
  const shiftX = random.between(-options.shift, options.shift);
  const shiftY = random.between(-options.shift, options.shift);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [xx, xy, yx, yy] = [cos * scaleX, (cos * shear - sin) * scaleX, sin * scaleY, (sin * shear + cos) * scaleY];
  const [centerX, centerY] = [(width - 1) / 2, (height - 1) / 2];
  for (let i = 0; i < gridSize * gridSize; i++) {
    displacementX[i] = options.elastic * random.normal() + shiftX;
    displacementY[i] = options.elastic * random.normal() + shiftY;
  }
  const stepX = (gridSize - 1) / (width - 1);
  const stepY = (gridSize - 1) / (height - 1);
  for (let y = 0; y < height; y++) {
    const gridY = Math.min(gridSize - 2, Math.floor(y * stepY));
    const fy = y * stepY - gridY;
    for (let x = 0; x < width; x++) {
      const gridX = Math.min(gridSize - 2, Math.floor(x * stepX));
      const fx = x * stepX - gridX;
      const node = gridY * gridSize + gridX;
      const a = (1 - fx) * (1 - fy);
      const b = fx * (1 - fy);
      const c = (1 - fx) * fy;
      const d = fx * fy;
      const dx =
        a * displacementX[node] +
        b * displacementX[node + 1] +
        c * displacementX[node + gridSize] +
        d * displacementX[node + gridSize + 1];
      const dy =
        a * displacementY[node] +
        b * displacementY[node + 1] +
        c * displacementY[node + gridSize] +
        d * displacementY[node + gridSize + 1];
      const sourceX = centerX + xx * (x - centerX) + xy * (y - centerY) + dx;
      const sourceY = centerY + yx * (x - centerX) + yy * (y - centerY) + dy;
      target[y * width + x] = sample(source, width, height, sourceX, sourceY);
    }
  }
}

/** Bilinear; black outside. */
function sample(source: Uint8Array, width: number, height: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) return 0;
  const fx = x - left;
  const fy = y - top;
  const i = top * width + left;
  const upper = source[i] + fx * (source[i + 1] - source[i]);
  const lower = source[i + width] + fx * (source[i + width + 1] - source[i + width]);
  return upper + fy * (lower - upper) + 0.5;
}

/** Mixes each pixel with the brightest (amount > 0) or darkest of its four neighbours and itself. */
function restroke(source: Uint8Array, target: Uint8Array, width: number, height: number, amount: number): void {
  const pick = amount > 0 ? Math.max : Math.min;
  const share = Math.abs(amount);
  target.set(source.subarray(0, target.length));
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const extreme = pick(source[i], source[i - 1], source[i + 1], source[i - width], source[i + width]);
      target[i] = source[i] + share * (extreme - source[i]) + 0.5;
    }
  }
}

function changeInk(target: Uint8Array, random: Random, { brightness, noise }: AugmentCharacterOptions): void {
  const factor = 1 + random.between(-brightness, brightness);
  for (let i = 0; i < target.length; i++) {
    if (noise === 0 && target[i] === 0) continue;
    const value = target[i] * factor + (noise > 0 ? noise * random.normal() : 0);
    target[i] = Math.max(0, Math.min(255, value + 0.5));
  }
}
