import { addNoise, changeTone } from '../../../images/change-ink.ts';
import { gaussianBlur } from '../../../images/gaussian-blur.ts';
import type { Random } from '../../../random/random.ts';

/** Numbers that change smoothly over a square of `size` pixels, between −1 and 1, bent every `step` pixels. */
function smoothField(size: number, step: number, random: Random): Float32Array {
  const columns = Math.ceil(size / step) + 2;
  const nodes = Float32Array.from({ length: columns * columns }, () => random.between(-1, 1));
  const field = new Float32Array(size * size);
  for (let y = 0, i = 0; y < size; y++) {
    const row = Math.floor(y / step) * columns;
    const down = (y % step) / step;
    for (let x = 0; x < size; x++, i++) {
      const at = row + Math.floor(x / step);
      const right = (x % step) / step;
      const upper = nodes[at] + right * (nodes[at + 1] - nodes[at]);
      const lower = nodes[at + columns] + right * (nodes[at + columns + 1] - nodes[at + columns]);
      field[i] = upper + down * (lower - upper);
    }
  }
  return field;
}

/** What stands around a sheet: a desk, light or dark, grained or not, or the black or white rim of a scan; `[size, size]`. */
export function surroundings(size: number, random: Random): Uint8Array {
  const kind = random.uniform();
  if (kind < 0.2) return new Uint8Array(size * size).fill(kind < 0.12 ? random.below(20) : 245 + random.below(11));
  const base = random.between(15, 235);
  const broad = smoothField(size, random.between(40, 200), random);
  // Wood has grain along one side, cloth has it along both.
  const grain = random.between(0, 25);
  const fine = smoothField(size, 3 + random.below(6), random);
  const isWood = random.uniform() < 0.5;
  const desk = new Uint8ClampedArray(size * size);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      desk[i] = base + 25 * broad[i] + grain * (isWood ? fine[y * size] + 0.3 * fine[i] : fine[i]);
    }
  }
  return new Uint8Array(desk.buffer);
}

/** Changes a view, `[size, size]`, as light, lens and sensor do: shadows, a lamp, blur, noise, tone; now and then it is inverted. */
export function photograph(view: Uint8Array, size: number, random: Random): Uint8Array {
  let image = { width: size, height: size, data: view };
  if (random.uniform() < 0.5) lightUnevenly(view, size, random);
  if (random.uniform() < 0.3) castShadow(view, size, random);
  if (random.uniform() < 0.4) image = gaussianBlur(image, random.between(0.3, 1.4));
  changeTone(image, random.between(0.75, 1.1), random.between(-0.08, 0.12), Math.exp(0.3 * random.normal()));
  if (random.uniform() < 0.5) addNoise(image, random.between(1, 10), random);
  if (random.uniform() < 0.12) for (let i = 0; i < image.data.length; i++) image.data[i] = 255 - image.data[i];
  return image.data;
}

function lightUnevenly(view: Uint8Array, size: number, random: Random): void {
  const field = smoothField(size, random.between(120, 400), random);
  const strength = random.between(0.05, 0.4);
  for (let i = 0; i < view.length; i++) view[i] = Math.min(255, view[i] * (1 - strength * (0.5 + 0.5 * field[i])));
}

/** A shadow with a straight edge, hard or soft. */
function castShadow(view: Uint8Array, size: number, random: Random): void {
  const angle = random.between(0, 2 * Math.PI);
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  const offset = random.between(-0.4, 0.4) * size;
  const softness = Math.exp(random.between(Math.log(1), Math.log(60)));
  const dark = random.between(0.25, 0.85);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const depth = ((x - size / 2) * nx + (y - size / 2) * ny - offset) / softness;
      const share = depth > 4 ? 1 : depth < -4 ? 0 : 1 / (1 + Math.exp(-depth));
      view[i] *= 1 - (1 - dark) * share;
    }
  }
}
