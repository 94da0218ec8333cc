import { addNoise, changeTone } from '../../../images/change-ink.ts';
import { gaussianBlur } from '../../../images/gaussian-blur.ts';
import type { GrayImage } from '../../../images/gray-image.ts';
import type { Random } from '../../../random/random.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Numbers that change smoothly over an image, between −1 and 1, bent every `step` pixels. */
function smoothField({ width, height }: Size, step: number, random: Random): Float32Array {
  const columns = Math.ceil(width / step) + 2;
  const rows = Math.ceil(height / step) + 2;
  const nodes = Float32Array.from({ length: columns * rows }, () => random.between(-1, 1));
  const field = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / step) * columns;
    const down = (y % step) / step;
    for (let x = 0; x < width; x++, i++) {
      const at = row + Math.floor(x / step);
      const right = (x % step) / step;
      const upper = nodes[at] + right * (nodes[at + 1] - nodes[at]);
      const lower = nodes[at + columns] + right * (nodes[at + columns + 1] - nodes[at + columns]);
      field[i] = upper + down * (lower - upper);
    }
  }
  return field;
}

/** What stands around a sheet: a desk, light or dark, or the black or white rim of a scan; `[height, width]`. */
export function surroundings({ width, height }: Size, random: Random): Uint8Array {
  const kind = random.uniform();
  if (kind >= 0.2) return desk({ width, height }, random);
  return new Uint8Array(width * height).fill(kind < 0.12 ? random.below(20) : 245 + random.below(11));
}

/** A desk, light or dark, grained like wood or like cloth, `[height, width]`. */
export function desk(size: Size, random: Random): Uint8Array {
  const base = random.between(15, 235);
  const broad = smoothField(size, random.between(40, 200), random);
  // Wood has grain along one side, cloth has it along both.
  const grain = random.between(0, 25);
  const fine = smoothField(size, 3 + random.below(6), random);
  const isWood = random.uniform() < 0.5;
  const { width, height } = size;
  const top = new Uint8ClampedArray(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      top[i] = base + 25 * broad[i] + grain * (isWood ? fine[y * width] + 0.3 * fine[i] : fine[i]);
    }
  }
  return new Uint8Array(top.buffer);
}

/** Changes a picture as light, lens and sensor do: shadows, a lamp, blur, noise, tone; now and then it is inverted. */
export function photograph(view: GrayImage, random: Random): GrayImage {
  let image = view;
  if (random.uniform() < 0.5) lightUnevenly(image, random);
  if (random.uniform() < 0.3) castShadow(image, random);
  if (random.uniform() < 0.4) image = gaussianBlur(image, random.between(0.3, 1.4));
  changeTone(image, random.between(0.75, 1.1), random.between(-0.08, 0.12), Math.exp(0.3 * random.normal()));
  if (random.uniform() < 0.5) addNoise(image, random.between(1, 10), random);
  if (random.uniform() < 0.12) for (let i = 0; i < image.data.length; i++) image.data[i] = 255 - image.data[i];
  return image;
}

/** Darkens a picture smoothly, in place. */
export function lightUnevenly(image: GrayImage, random: Random): void {
  const field = smoothField(image, random.between(120, 400), random);
  const strength = random.between(0.05, 0.4);
  const { data } = image;
  for (let i = 0; i < data.length; i++) data[i] = Math.min(255, data[i] * (1 - strength * (0.5 + 0.5 * field[i])));
}

/** A shadow with a straight edge, hard or soft, in place. */
export function castShadow({ width, height, data }: GrayImage, random: Random): void {
  const angle = random.between(0, 2 * Math.PI);
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  const offset = random.between(-0.4, 0.4) * Math.hypot(width * nx, height * ny);
  const softness = Math.exp(random.between(Math.log(1), Math.log(60)));
  const dark = random.between(0.25, 0.85);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const depth = ((x - width / 2) * nx + (y - height / 2) * ny - offset) / softness;
      const share = depth > 4 ? 1 : depth < -4 ? 0 : 1 / (1 + Math.exp(-depth));
      data[i] *= 1 - (1 - dark) * share;
    }
  }
}
