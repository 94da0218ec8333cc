import type { GrayImage } from './gray-image.ts';

/** A change of a line's geometry, about its middle. */
export interface LineWarp {
  /** Factor on both sides. */
  readonly scale: number;
  /** Degrees, clockwise. */
  readonly rotation: number;
  /** Degrees by which uprights lean to the right. */
  readonly shear: number;
  /** Where the line goes within the room that is left above and below, from −1 (top) to 1. */
  readonly place: number;
  /** Displacements in pixels, x and y in turn, of the nodes of a grid, `[gridRows, columns, 2]`; see `gridColumns`. */
  readonly displacement: Float32Array;
}

/** Rows of the displacement grid, and the distance of its columns in pixels. */
export const gridRows = 4;
const COLUMN_STEP = 32;

/** Columns of the displacement grid of a line of `width` pixels. */
export function gridColumns(width: number): number {
  return Math.ceil(width / COLUMN_STEP) + 1;
}

/**
 * Resamples a line of white ink on black to `width` in one bilinear pass. Leaning and turned lines are narrowed, and the turn
 * held back, so that no ink leaves the image; only a `scale` above 1 may cut the tips of ascenders and descenders.
 */
export function warpLine(line: GrayImage, width: number, warp: LineWarp): GrayImage {
  const { height } = line;
  const lean = Math.tan((warp.shear * Math.PI) / 180);
  const room = Math.max(0, (1 - warp.scale) * height) / 2;
  const slope = slopeWithin(warp.rotation, width, room + height / 16 - 1);
  const fit = width / (width + Math.abs(lean) * height * Math.min(1, warp.scale));
  const stepX = line.width / (width * Math.min(1, warp.scale) * fit);
  const stepY = 1 / warp.scale;
  const middleY = (height - 1) / 2 + warp.place * Math.max(0, room - (Math.abs(slope) * width) / 2);

  const data = new Uint8Array(width * height);
  const columns = gridColumns(width);
  for (let y = 0; y < height; y++) {
    const row = displacementRow(warp.displacement, columns, y / Math.max(1, height - 1));
    for (let column = 0; column < columns - 1; column++) {
      const from = column * COLUMN_STEP;
      const to = Math.min(width, from + COLUMN_STEP);
      const [dx, dy] = [row[2 * column], row[2 * column + 1]];
      const bendX = (row[2 * column + 2] - dx) / COLUMN_STEP;
      const bendY = (row[2 * column + 3] - dy) / COLUMN_STEP;
      // Inverse map: level the slope, then undo the lean and the scale.
      const up = y - middleY - slope * (from - (width - 1) / 2);
      const x = (from - (width - 1) / 2 + lean * up) * stepX + (line.width - 1) / 2 + dx;
      const sampleRow = {
        x,
        y: up * stepY + (height - 1) / 2 + dy,
        stepX: (1 - lean * slope) * stepX + bendX,
        stepY: bendY - slope * stepY,
      };
      sampleInto(line, data.subarray(y * width + from, y * width + to), sampleRow);
    }
  }
  return { width, height, data };
}

/** The slope of a turn, less where the ends of the line would move by more than `reach` pixels. */
function slopeWithin(degrees: number, width: number, reach: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const steepest = (2 * Math.max(0, reach)) / width;
  return Math.max(-steepest, Math.min(steepest, slope));
}

let rowScratch = new Float32Array(0);

/** The displacements along one row of pixels, `[columns, 2]`, between the grid's rows. */
function displacementRow(displacement: Float32Array, columns: number, down: number): Float32Array {
  const size = 2 * columns;
  if (rowScratch.length < size) rowScratch = new Float32Array(2 * size);
  const at = Math.min(gridRows - 2, Math.floor(down * (gridRows - 1)));
  const part = down * (gridRows - 1) - at;
  for (let i = 0; i < size; i++) {
    const upper = displacement[at * size + i];
    rowScratch[i] = upper + part * (displacement[(at + 1) * size + i] - upper);
  }
  return rowScratch;
}

/** Samples along a straight path, bilinearly; outside the image is black. */
function sampleInto(
  { width, height, data }: GrayImage,
  target: Uint8Array,
  path: { x: number; y: number; stepX: number; stepY: number },
): void {
  let { x, y } = path;
  for (let i = 0; i < target.length; i++, x += path.stepX, y += path.stepY) {
    const left = Math.floor(x);
    const top = Math.floor(y);
    if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) {
      target[i] = atRim(data, width, height, left, top, x - left, y - top);
      continue;
    }
    const fx = x - left;
    const at = top * width + left;
    const upper = data[at] + fx * (data[at + 1] - data[at]);
    const lower = data[at + width] + fx * (data[at + width + 1] - data[at + width]);
    target[i] = upper + (y - top) * (lower - upper) + 0.5;
  }
}

function atRim(
  data: Uint8Array,
  width: number,
  height: number,
  left: number,
  top: number,
  fx: number,
  fy: number,
): number {
  if (left < -1 || top < -1 || left >= width || top >= height) return 0;
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]);
  const upper = at(left, top) + fx * (at(left + 1, top) - at(left, top));
  const lower = at(left, top + 1) + fx * (at(left + 1, top + 1) - at(left, top + 1));
  return upper + fy * (lower - upper) + 0.5;
}
