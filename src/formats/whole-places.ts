import type { Point } from '../images/affine.ts';
import { type Box, cornersOf } from '../images/crop.ts';
import type { LineReading, Polygon, Reading } from '../reading/reading.ts';

type Size = Pick<Reading, 'width' | 'height'>;

/** The whole pixels of the picture that a polygon touches, at least one. */
export function boxOf(polygon: Polygon, { width, height }: Size): Box {
  const [left, right] = extent(
    polygon.map(([x]) => x),
    width,
  );
  const [top, bottom] = extent(
    polygon.map(([, y]) => y),
    height,
  );
  return { left, top, right, bottom };
}

/** The box around several; of the whole picture where there are none. */
export function boxAround(lines: readonly LineReading[], size: Size): Box {
  if (lines.length === 0) return { left: 0, top: 0, right: size.width, bottom: size.height };
  return boxOf(
    lines.flatMap(({ polygon }) => polygon),
    size,
  );
}

/** A polygon with whole coordinates within the picture; its box where nothing else is left of it. */
export function wholePolygon(polygon: Polygon, size: Size): Polygon {
  const points = wholePoints(polygon, size);
  const isArea = [0, 1].every((axis) => new Set(points.map((point) => point[axis])).size > 1);
  return points.length >= 3 && isArea ? points : cornersOf(boxOf(polygon, size));
}

/** Points with whole coordinates within the picture; of several in a row that fall together, one. */
export function wholePoints(points: readonly Point[], { width, height }: Size): Point[] {
  const whole = points.map(([x, y]): Point => [clamp(Math.round(x), width), clamp(Math.round(y), height)]);
  return whole.filter(([x, y], i) => i === 0 || x !== whole[i - 1][0] || y !== whole[i - 1][1]);
}

/** `x,y x,y`, as PAGE and ALTO write points. */
export function pointList(points: readonly Point[]): string {
  return points.map(([x, y]) => `${x},${y}`).join(' ');
}

const clamp = (value: number, end: number): number => Math.min(end, Math.max(0, value));

function extent(values: readonly number[], end: number): [number, number] {
  const first = clamp(Math.floor(Math.min(...values)), end - 1);
  return [first, Math.max(first + 1, clamp(Math.ceil(Math.max(...values)), end))];
}
