import type { Point } from '../../../images/affine.ts';
import { addNoise } from '../../../images/change-ink.ts';
import { type Box, cornersOf } from '../../../images/crop.ts';
import { gaussianBlur } from '../../../images/gaussian-blur.ts';
import { blankImage, type GrayImage } from '../../../images/gray-image.ts';
import { resize } from '../../../images/resize.ts';
import type { Random } from '../../../random/random.ts';
import { castShadow, desk, lightUnevenly } from './daylight.ts';
import { drawBar, drawDots, drawFrame, drawRules } from './rulings.ts';

/** What may surround a line that somebody photographs or crops. */
export const sceneKinds = [
  'paper',
  'sheet',
  'desk',
  'border',
  'frame',
  'cell',
  'shadow',
  'squares',
  'dots',
  'rules',
  'margin',
  'edge',
  'neighbours',
] as const;

export type SceneKind = (typeof sceneKinds)[number];

/** A picture of one line of writing amid something else; the polygon is around the line, in pixels of the picture. */
export interface LineScene {
  readonly image: GrayImage;
  readonly polygon: readonly Point[];
}

/** The lines of a scene, each white ink on black: the one to read, and those above and below it. */
export interface SceneLines {
  readonly line: GrayImage;
  readonly above: GrayImage;
  readonly below: GrayImage;
}

/** Sets a line onto paper with what surrounds it, dark ink on light paper, and photographs it. */
export function composeScene(kind: SceneKind, { line, above, below }: SceneLines, random: Random): LineScene {
  const scale = random.between(0.7, 1.5);
  const patch = enlarge(line, scale);
  const { height } = patch;
  const room = (low: number, high: number) => Math.round(height * random.between(low, high));
  const isClose = kind === 'neighbours';
  const margin = kind === 'sheet' ? 6 : 1.5;
  const [top, bottom] = isClose ? [room(0, 0.5), room(0, 0.5)] : [room(0.3, margin), room(0.3, margin)];
  const [left, right] = [room(0.3, margin), room(0.3, margin)];
  const sheet = blankImage(left + patch.width + right, top + height + bottom, Math.round(random.between(165, 252)));
  const box = { left, top, right: left + patch.width, bottom: top + height };
  rulePaper(kind, sheet, box, height, random);
  const tone = random.between(0, 0.45);
  write(sheet, patch, left, top, tone);
  if (isClose) {
    const gap = room(-0.15, 0.15);
    write(sheet, enlarge(above, scale), room(0, 1), top - height - gap, tone);
    write(sheet, enlarge(below, scale), room(0, 1), top + height + gap, tone);
  }
  const placed = lay(kind, sheet, height, random);
  return { image: expose(kind, placed.image, random), polygon: cornersOf(box).map(placed.place) };
}

function enlarge(line: GrayImage, scale: number): GrayImage {
  const [width, height] = [line.width, line.height].map((side) => Math.max(1, Math.round(side * scale)));
  return resize(line, width, height, scale < 1 ? 'area' : 'bicubic');
}

/** Multiplies ink onto paper; what reaches beyond the sheet is cut off. `tone` is the light of full ink, 0 black. */
function write(sheet: GrayImage, ink: GrayImage, left: number, top: number, tone: number): void {
  for (let y = Math.max(0, -top); y < ink.height && top + y < sheet.height; y++) {
    for (let x = Math.max(0, -left); x < ink.width && left + x < sheet.width; x++) {
      sheet.data[(top + y) * sheet.width + left + x] *= 1 - ((1 - tone) * ink.data[y * ink.width + x]) / 255;
    }
  }
}

function rulePaper(kind: SceneKind, sheet: GrayImage, box: Box, height: number, random: Random): void {
  const thickness = Math.max(1, Math.round(height * random.between(0.012, 0.04)));
  const darkness = random.between(0.35, 0.9);
  const step = height * random.between(0.25, 0.6);
  const start = random.between(0, step);
  if (kind === 'squares') drawRules(sheet, start, step, thickness, darkness, true, true);
  if (kind === 'dots') drawDots(sheet, step, thickness, darkness);
  if (kind === 'rules') drawRules(sheet, start, height * random.between(0.6, 1.2), thickness, darkness, true, false);
  if (kind === 'margin') drawBar(sheet, box.left * random.between(0.1, 1.2), thickness, darkness, false);
  if (kind !== 'frame' && kind !== 'cell') return;
  const gap = height * random.between(0.02, 0.25);
  const around = { left: box.left - gap, top: box.top - gap, right: box.right + gap, bottom: box.bottom + gap };
  if (kind === 'frame') return drawFrame(sheet, around, thickness, darkness * 0.7);
  for (const y of [around.top, around.bottom]) drawBar(sheet, y, thickness, darkness * 0.7, true);
  for (const x of [around.left, around.right]) drawBar(sheet, x, thickness, darkness * 0.7, false);
}

interface Placed {
  readonly image: GrayImage;
  /** From the sheet to the picture. */
  readonly place: (point: Point) => Point;
}

/** Lays a sheet onto what is around it. */
function lay(kind: SceneKind, sheet: GrayImage, height: number, random: Random): Placed {
  if (kind !== 'desk' && kind !== 'border' && kind !== 'edge') return { image: sheet, place: (point) => point };
  const sides = [0, 1, 2, 3].map(() => Math.round(height * random.between(0.1, kind === 'border' ? 0.4 : 1.5)));
  // Of a sheet that is cropped at its edge, one side shows.
  const shown = kind === 'edge' ? [random.below(4)] : [0, 1, 2, 3];
  const [left, top, right, bottom] = sides.map((side, i) => (shown.includes(i) ? side : 0));
  const [width, tall] = [left + sheet.width + right, top + sheet.height + bottom];
  const size = { width, height: tall };
  const data = kind === 'border' ? new Uint8Array(width * tall).fill(random.below(25)) : desk(size, random);
  for (let y = 0; y < sheet.height; y++) {
    data.set(sheet.data.subarray(y * sheet.width, (y + 1) * sheet.width), (top + y) * width + left);
  }
  return { image: { ...size, data }, place: ([x, y]) => [x + left, y + top] };
}

function expose(kind: SceneKind, image: GrayImage, random: Random): GrayImage {
  if (kind === 'shadow') castShadow(image, random);
  else if (random.uniform() < 0.3) lightUnevenly(image, random);
  const seen = random.uniform() < 0.5 ? gaussianBlur(image, random.between(0.3, 1)) : image;
  if (random.uniform() < 0.5) addNoise(seen, random.between(1, 8), random);
  return seen;
}
