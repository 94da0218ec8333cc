import type { CoverageCanvas } from './coverage-canvas.ts';

/** A glyph's closed contours as polygons, in ems; y upward. */
export interface Outline {
  /** x, y of all corners in turn, `[corners, 2]`. */
  readonly corners: Float32Array;
  /** At every corner the direction away from the ink, of such length that all edges move by 1 when corners move along it. */
  readonly outward: Float32Array;
  /** Number of corners up to the end of each contour, ascending. */
  readonly ends: Uint32Array;
}

/** From (x, y) in ems to pixels as in PDF: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Affine = readonly [number, number, number, number, number, number];

/** A step of a path, as fontkit gives it: quadratic and cubic Bézier curves, lines, moves. */
export interface PathCommand {
  readonly command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath';
  readonly args: readonly number[];
}

export const emptyOutline: Outline = {
  corners: new Float32Array(),
  outward: new Float32Array(),
  ends: new Uint32Array(),
};

/** Edges per curve: at 64 pixels to the line no chord is more than a few hundredths of a pixel off. */
const EDGES_PER_CURVE = 6;

/** The polygons of a path whose units are `scale` ems; contours that are left open are closed, as fills do. */
export function outlineOf(commands: readonly PathCommand[], scale: number): Outline {
  const contours: number[][] = [];
  for (const { command, args } of commands) {
    const contour = contours[contours.length - 1];
    if (command === 'moveTo') contours.push([...args]);
    else if (command === 'lineTo') contour.push(...args);
    else if (command !== 'closePath') addCurve(contour, args);
  }
  const cleaned = contours.map(withoutRepeats).filter((contour) => contour.length >= 6);
  const corners = Float32Array.from(cleaned.flat(), (value) => value * scale);
  let end = 0;
  const ends = Uint32Array.from(cleaned, (contour) => (end += contour.length / 2));
  return { corners, outward: outwardOf(corners, ends), ends };
}

/** Adds a glyph to a canvas, its edges moved outward by `bolder` ems (inward if negative). */
export function fillOutline(canvas: CoverageCanvas, outline: Outline, affine: Affine, bolder = 0): void {
  const { corners, outward, ends } = outline;
  const [a, b, c, d, e, f] = affine;
  let start = 0;
  for (const end of ends) {
    let lastX = 0;
    let lastY = 0;
    for (let i = start; i <= end; i++) {
      const at = 2 * (i === end ? start : i);
      const x = corners[at] + bolder * outward[at];
      const y = corners[at + 1] + bolder * outward[at + 1];
      const nextX = a * x + c * y + e;
      const nextY = b * x + d * y + f;
      if (i > start) canvas.edge(lastX, lastY, nextX, nextY);
      lastX = nextX;
      lastY = nextY;
    }
    start = end;
  }
}

/** Area of ink and length of its edges, in ems² and ems; twice their ratio is the mean width of long strokes. */
export function measureOutline({ corners, ends }: Outline): { area: number; length: number } {
  let [area, length, start] = [0, 0, 0];
  for (const end of ends) {
    for (let i = start; i < end; i++) {
      const [at, next] = [2 * i, 2 * (i + 1 === end ? start : i + 1)];
      area += (corners[at] * corners[next + 1] - corners[next] * corners[at + 1]) / 2;
      length += Math.hypot(corners[next] - corners[at], corners[next + 1] - corners[at + 1]);
    }
    start = end;
  }
  return { area: Math.abs(area), length };
}

function addCurve(contour: number[], args: readonly number[]): void {
  const [x0, y0] = contour.slice(-2);
  const quadratic = args.length === 4;
  const [x1, y1, x2, y2] = args;
  const [x3, y3] = args.slice(-2);
  for (let i = 1; i <= EDGES_PER_CURVE; i++) {
    const t = i / EDGES_PER_CURVE;
    const s = 1 - t;
    const [first, second, third, last] = quadratic
      ? [s * s, 2 * s * t, 0, t * t]
      : [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    contour.push(first * x0 + second * x1 + third * x2 + last * x3, first * y0 + second * y1 + third * y2 + last * y3);
  }
}

/** A contour without corners that repeat the one before, the last one and the first counting as neighbours. */
function withoutRepeats(contour: readonly number[]): number[] {
  const kept: number[] = [];
  for (let i = 0; i < contour.length; i += 2) {
    const before = kept.length > 0 ? kept : contour;
    if (contour[i] !== before[before.length - 2] || contour[i + 1] !== before[before.length - 1]) {
      kept.push(contour[i], contour[i + 1]);
    }
  }
  return kept;
}

/** Mitred normals; ink lies at the right of the way along a contour in TrueType, at the left in PostScript: the larger area tells. */
function outwardOf(corners: Float32Array, ends: Uint32Array): Float32Array {
  const outward = new Float32Array(corners.length);
  let [twiceArea, start] = [0, 0];
  for (const end of ends) {
    const count = end - start;
    for (let i = 0; i < count; i++) {
      const [before, at, after] = [(i + count - 1) % count, i, (i + 1) % count].map((k) => 2 * (start + k));
      const [inX, inY] = unit(corners[at] - corners[before], corners[at + 1] - corners[before + 1]);
      const [outX, outY] = unit(corners[after] - corners[at], corners[after + 1] - corners[at + 1]);
      twiceArea += corners[at] * corners[after + 1] - corners[after] * corners[at + 1];
      // Normals to the left, (−y, x): their sum over 1 + their cosine moves both edges by 1; spikes are cut at twice that.
      const mitre = 1 / Math.max(0.5, 1 + inX * outX + inY * outY);
      outward[at] = -(inY + outY) * mitre;
      outward[at + 1] = (inX + outX) * mitre;
    }
    start = end;
  }
  if (twiceArea <= 0) return outward;
  return outward.map((value) => -value);
}

function unit(x: number, y: number): [number, number] {
  const length = Math.hypot(x, y);
  return [x / length, y / length];
}
