import { TextRecognizerError } from '../../errors.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import type { Random } from '../../random/random.ts';
import { grainInk } from './grain-ink.ts';
import { InkCanvas, type InkDot } from './ink-canvas.ts';
import type { Pen } from './pen.ts';
import { smoothStroke } from './smooth-stroke.ts';
import { soften } from './soften.ts';
import type { StrokeLine } from './stroke-line.ts';
import { wander } from './wander.ts';

/** How a path becomes an image of a line. */
export interface RenderStrokesOptions {
  /** Height of the image in pixels, which the ink fills but for `margin`. */
  readonly height: number;
  readonly pen: Pen;
  /** Pixels of paper around the ink. Default 2. */
  readonly margin?: number;
  /** By how much uprights lean to the right beyond the writer's own slant: pixels per pixel of height. Default 0. */
  readonly slant?: number;
  /** Share of its ink that a pixel gives to each neighbour, 0 to 1/3. Default 0. */
  readonly softness?: number;
}

/** Pixels between the points of a smoothed stroke. */
const STEP = 1.5;

/** The image of a line written with a pen, `[height, as wide as it comes]`, white ink on black, anti-aliased. */
export function renderStrokes(line: StrokeLine, options: RenderStrokesOptions, random: Random): GrayImage {
  const { height, pen, margin = 2, slant = 0, softness = 0 } = options;
  checkLine(line);
  const slanted = slantPoints(line.points, slant);
  const box = boundsOf(slanted);
  const border = margin + pen.width / 2;
  // A line of dashes alone is low: it must not be blown up until it fills the height.
  const scale = (height - 2 * border) / Math.max(box.bottom - box.top, (box.right - box.left) / 40, 1e-6);
  const width = Math.max(1, Math.ceil((box.right - box.left) * scale + 2 * border));
  const offsetY = (height - (box.bottom - box.top) * scale) / 2;
  const points = new Float32Array(slanted.length);
  for (let i = 0; i < slanted.length; i += 2) {
    points[i] = (slanted[i] - box.left) * scale + border - 0.5;
    points[i + 1] = (slanted[i + 1] - box.top) * scale + offsetY - 0.5;
  }
  const canvas = new InkCanvas(width, height);
  drawStrokes(canvas, points, line.strokes, pen, random);
  soften(canvas, softness);
  grainInk(canvas, pen.grain, random);
  return canvas;
}

function drawStrokes(canvas: InkCanvas, points: Float32Array, strokes: Uint32Array, pen: Pen, random: Random): void {
  const pressure = wander(25, random);
  const fading = wander(40, random);
  const meanSpeed = Math.max(1e-6, meanSpacing(points, strokes));
  let start = 0;
  let place = 0;
  for (const count of strokes) {
    const smooth = smoothStroke(points.subarray(2 * start, 2 * (start + count)), STEP);
    start += count;
    let last: InkDot | undefined;
    for (let i = 0; i < smooth.speeds.length; i++) {
      const x = smooth.points[2 * i];
      const y = smooth.points[2 * i + 1];
      const length = last ? Math.sqrt((x - last.x) ** 2 + (y - last.y) ** 2) : 0;
      place += length;
      const speed = Math.min(2, smooth.speeds[i] / meanSpeed);
      const pressed = (1 + pen.speed * (1 - speed)) * (1 + pen.pressure * pressure(place));
      const radius =
        (pen.width / 2) * pressed * (last && length > 0 ? nibFactor(pen, x - last.x, y - last.y, length) : 1);
      const dot = { x, y, radius: Math.max(0.2, radius), ink: pen.ink * (1 - pen.fading * Math.max(0, fading(place))) };
      canvas.stroke(last ?? dot, dot);
      last = dot;
    }
  }
}

/** Share of the nib's widest side that is across the way (dx, dy). */
function nibFactor({ nib, nibAngle }: Pen, dx: number, dy: number, length: number): number {
  if (nib === 1) return 1;
  // y points downward, so the nib's edge at angle a from the line has the direction (cos a, −sin a).
  const across = Math.abs((dx * Math.sin(nibAngle) + dy * Math.cos(nibAngle)) / length);
  return nib + (1 - nib) * across;
}

function slantPoints(points: Float32Array, slant: number): Float32Array {
  const slanted = points.slice();
  for (let i = 0; i < slanted.length; i += 2) slanted[i] -= slant * slanted[i + 1];
  return slanted;
}

function boundsOf(points: Float32Array): { left: number; right: number; top: number; bottom: number } {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let i = 0; i < points.length; i += 2) {
    box.left = Math.min(box.left, points[i]);
    box.right = Math.max(box.right, points[i]);
    box.top = Math.min(box.top, points[i + 1]);
    box.bottom = Math.max(box.bottom, points[i + 1]);
  }
  return box;
}

function meanSpacing(points: Float32Array, strokes: Uint32Array): number {
  let [start, length, gaps] = [0, 0, 0];
  for (const count of strokes) {
    for (let i = start + 1; i < start + count; i++) {
      length += Math.hypot(points[2 * i] - points[2 * i - 2], points[2 * i + 1] - points[2 * i - 1]);
    }
    gaps += count - 1;
    start += count;
  }
  return length / Math.max(1, gaps);
}

function checkLine({ info, points, strokes }: StrokeLine): void {
  const counted = strokes.reduce((sum, count) => sum + count, 0);
  if (counted > 0 && counted * 2 === points.length && !strokes.includes(0)) return;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${info.id}: its ${strokes.length} strokes count ${counted} points, but there are ${points.length / 2}.`,
  );
}
