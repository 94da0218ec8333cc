import type { Point } from '../../../images/affine.ts';
import { blankImage, type GrayImage } from '../../../images/gray-image.ts';
import type { Random } from '../../../random/random.ts';
import { drawBar, drawDots, drawFrame, drawRules } from './rulings.ts';
import { heightAt, type PageLine } from '../../sources/pages/page-line.ts';
import type { Page } from '../../sources/pages/page-set.ts';

/** Writing that was lifted off its page: how much light it lets through, and where its baseline is. */
export interface InkPatch {
  readonly width: number;
  readonly height: number;
  /** 255 is paper, 0 the darkest ink. */
  readonly light: Uint8Array;
  /** In pixels of the patch. */
  readonly line: PageLine;
}

/** Lifts a line, or a stretch of it, off its page: what is darker than the paper around it. */
export function liftLine(
  { image }: Page,
  line: PageLine,
  stretch: readonly [number, number] = [0, 1],
): InkPatch | undefined {
  const [begin, end] = [line.baseline[0][0], line.baseline[line.baseline.length - 1][0]];
  const margin = 0.3 * line.up;
  const left = Math.max(0, Math.floor(begin + stretch[0] * (end - begin) - (stretch[0] > 0 ? 0 : margin)));
  const right = Math.min(image.width, Math.ceil(begin + stretch[1] * (end - begin) + (stretch[1] < 1 ? 0 : margin)));
  const baseline = line.baseline.length > 1 ? pointsBetween(line.baseline, left + 1, right - 1) : [];
  if (right - left < 8 || baseline.length < 2) return undefined;
  const ys = baseline.map(([, y]) => y);
  const top = Math.max(0, Math.floor(Math.min(...ys) - 1.05 * line.up));
  const bottom = Math.min(image.height, Math.ceil(Math.max(...ys) + 1.05 * line.down));
  const [width, height] = [right - left, bottom - top];
  if (height < 6) return undefined;
  const light = new Uint8Array(width * height).fill(255);
  for (let x = 0; x < width; x++) {
    const base = heightAt(line.baseline, left + x + 0.5);
    const [from, to] = [Math.max(top, Math.floor(base - line.up)), Math.min(bottom, Math.ceil(base + line.down))];
    const paper = paperOf(image, left + x, from, to);
    for (let y = from; y < to; y++) {
      const ratio = image.data[y * image.width + left + x] / paper;
      light[(y - top) * width + x] = ratio > 0.93 ? 255 : 255 * (ratio / 0.93);
    }
  }
  return { width, height, light, line: { ...line, baseline: baseline.map(([x, y]): Point => [x - left, y - top]) } };
}

/** The brightness of the paper around a column of a line: a high quantile of some columns beside it. */
function paperOf(image: GrayImage, x: number, top: number, bottom: number): number {
  const values: number[] = [];
  for (let dx = -12; dx <= 12; dx += 4) {
    const column = Math.min(image.width - 1, Math.max(0, x + dx));
    for (let y = top; y < bottom; y += 2) values.push(image.data[y * image.width + column]);
  }
  values.sort((a, b) => a - b);
  return Math.max(24, values[Math.floor(0.8 * (values.length - 1))]);
}

function pointsBetween(line: readonly Point[], left: number, right: number): Point[] {
  const inner = line.filter(([x]) => x > left && x < right);
  return [[left, heightAt(line, left)], ...inner, [right, heightAt(line, right)]];
}

/** How a sheet is set. */
interface SheetPlan {
  readonly width: number;
  readonly height: number;
  readonly patches: readonly {
    readonly patch: InkPatch;
    readonly x: number;
    readonly y: number;
    readonly scale: number;
  }[];
}

/** What a patch of a sheet shows. */
export type PatchKind = 'character' | 'word' | 'line';
export type DrawPatch = (random: Random, kind: PatchKind) => InkPatch | undefined;

/** A sheet set from patches by program: a character, a word, one line, a few lines under each other, cells of a table, or nothing. */
export function composeSheet(drawPatch: DrawPatch, random: Random): Page {
  const plan = random.uniform() < 0.08 ? emptyPlan(random) : planSheet(drawPatch, random);
  const image = blankImage(plan.width, plan.height, Math.round(random.between(150, 255)));
  const usual = plan.patches.length > 0 ? plan.patches[0].patch.line.up * plan.patches[0].scale : 30;
  rulePaper(image, usual, random, plan);
  const lines: PageLine[] = [];
  for (const { patch, x, y, scale } of plan.patches) {
    paste(image, patch, x, y, scale);
    const { baseline, up, down } = patch.line;
    const place = ([px, py]: Point): Point => [x + px * scale, y + py * scale];
    lines.push({ baseline: baseline.map(place), up: up * scale, down: down * scale });
  }
  return { name: 'sheet', image, lines, ignored: [] };
}

function emptyPlan(random: Random): SheetPlan {
  return { width: 300 + random.below(500), height: 200 + random.below(500), patches: [] };
}

function planSheet(drawPatch: DrawPatch, random: Random): SheetPlan {
  const draw = random.uniform();
  const usual = draw < 0.25 ? 'character' : draw < 0.5 ? 'word' : 'line';
  const count = random.uniform() < (usual === 'character' ? 0.8 : 0.55) ? 1 : 2 + random.below(7);
  const up = random.between(18, 60);
  const patches: { patch: InkPatch; x: number; y: number; scale: number }[] = [];
  const margin = up * random.between(0.3, random.uniform() < 0.4 ? 6 : 2);
  let [y, widest] = [margin, 0];
  for (let i = 0; i < count; i++) {
    const patch = drawPatch(random, usual === 'line' && random.uniform() < 0.2 ? 'word' : usual);
    if (patch === undefined) continue;
    const scale = (up / patch.line.up) * random.between(0.9, 1.1);
    const x = margin * random.between(0.7, 1.3) + (random.uniform() < 0.2 ? random.between(0, 8 * up) : 0);
    patches.push({ patch, x, y, scale });
    widest = Math.max(widest, x + patch.width * scale);
    y += patch.height * scale * random.between(1, 1.6);
  }
  const width = Math.round(widest + margin * random.between(0.5, 2));
  const height = Math.round(y + margin * random.between(0.2, 1));
  const tall = random.uniform() < 0.3 ? Math.round((width * 3) / 4) : 0;
  return {
    width: Math.max(64, Math.min(1600, width)),
    height: Math.max(48, Math.min(1600, Math.max(height, tall))),
    patches,
  };
}

/** Multiplies the ink onto the paper. */
function paste(image: GrayImage, patch: InkPatch, left: number, top: number, scale: number): void {
  const [width, height] = [Math.floor(patch.width * scale), Math.floor(patch.height * scale)];
  for (let y = 0; y < height; y++) {
    const py = Math.floor(top) + y;
    if (py < 0 || py >= image.height) continue;
    for (let x = 0; x < width; x++) {
      const px = Math.floor(left) + x;
      if (px < 0 || px >= image.width) continue;
      const at = py * image.width + px;
      image.data[at] = (image.data[at] * sample(patch, x / scale, y / scale)) / 255;
    }
  }
}

function sample({ width, height, light }: InkPatch, x: number, y: number): number {
  const left = Math.min(width - 2, Math.floor(x));
  const top = Math.min(height - 2, Math.floor(y));
  const [fx, fy] = [x - left, y - top];
  const at = top * width + left;
  const upper = light[at] + fx * (light[at + 1] - light[at]);
  const lower = light[at + width] + fx * (light[at + width + 1] - light[at + width]);
  return upper + fy * (lower - upper);
}

/** Rules, squares, dots, a margin, a frame or cells, as paper comes. */
function rulePaper(image: GrayImage, up: number, random: Random, { patches }: SheetPlan): void {
  const kind = random.uniform();
  const darkness = random.between(0.35, 0.9);
  const thickness = random.uniform() < 0.7 ? 1 : 2 + random.below(2);
  const step = up * random.between(0.9, 2);
  if (kind < 0.22) drawRules(image, random.between(0, step), step * 1.3, thickness, darkness, true, false);
  else if (kind < 0.42)
    drawRules(image, random.between(0, step), step * random.between(0.3, 0.8), thickness, darkness, true, true);
  else if (kind < 0.52) drawDots(image, step * random.between(0.3, 0.8), thickness, darkness);
  if (random.uniform() < 0.15) drawBar(image, random.between(0.02, 0.25) * image.width, thickness, darkness, false);
  const isCharacter = patches.length === 1 && patches[0].patch.width < 2 * patches[0].patch.height;
  if (random.uniform() < (isCharacter ? 0.45 : 0.25))
    frameThem(image, up, thickness + random.below(3), random.between(0, 0.6), random, patches);
}

/** A frame around each of the patches, or around all. */
function frameThem(
  image: GrayImage,
  up: number,
  thickness: number,
  darkness: number,
  random: Random,
  patches: SheetPlan['patches'],
): void {
  const isEach = random.uniform() < 0.6;
  const whole = { left: up * 0.3, top: up * 0.3, right: image.width - up * 0.3, bottom: image.height - up * 0.3 };
  const boxes = patches.map(({ patch, x, y, scale }) => {
    const gap = up * random.between(0.1, 0.6);
    return {
      left: x - gap,
      top: y - gap,
      right: x + patch.width * scale + gap,
      bottom: y + patch.height * scale + gap,
    };
  });
  for (const box of isEach ? boxes : [whole]) drawFrame(image, box, thickness, darkness);
}
