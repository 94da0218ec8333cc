import type { Point } from '../images/affine.ts';
import { median } from '../images/median.ts';
import type { LineTrace } from './trace-lines.ts';

/** A line of writing in a picture; all places and lengths are in its pixels. */
export interface FoundLine {
  /** What the letters stand on, from left to right. */
  readonly baseline: readonly Point[];
  /** Around the writing, clockwise from the upper left. */
  readonly polygon: readonly Point[];
  /** The same with more room for letters that reach further than is usual: what a reader should see. */
  readonly cutout: readonly Point[];
  /** How far the writing reaches above and below the baseline, at a right angle to it. */
  readonly up: number;
  readonly down: number;
  /** How sure the network is that there is a line, in [0, 1]. */
  readonly confidence: number;
  /** Whether the rim of the picture cuts the writing. */
  readonly cut: boolean;
}

export interface ShapeOptions {
  /** Pixels of the picture in a cell. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
}

/** In units of the height above the baseline: over what the baseline is smoothed, and how finely its corners stand. */
const SMOOTH_SHARE = 1;
const CORNER_SHARE = 0.06;
/** In units of the height: at the ends of a line its core is rounded, and the baseline goes on straight there. */
const END_COLUMNS = 0.3;
/** In units of the height: how far the polygon goes beyond the ends of the baseline. */
const END_SHARE = 0.12;
/**
 * The room of a cutout in units of the height, of the depth and of the height. Of 1 / 1, 1.12 / 1.2 and 1.25 / 1.4, pages kept aside
 * were read best with the second: more shows the neighbours.
 */
const ROOM_ABOVE = 1.15;
const ROOM_BELOW = 1.25;
const ROOM_BEYOND = 0.25;
/** A line that misses more than this share of its height at the picture's upper or lower rim is cut. */
const CUT_SHARE = 0.3;

/** The place of a traced line in the picture. */
export function shapeLine(trace: LineTrace, { scaleX, scaleY, width, height }: ShapeOptions): FoundLine {
  const up = scaleY * Math.max(1, median(trace.map((run) => run.up)));
  const down = scaleY * Math.max(0.25, median(trace.map((run) => run.down)));
  const reach = Math.max(1, Math.round(up / scaleX));
  const inner = smoothBaseline(withoutEnds(trace, END_COLUMNS * reach), Math.round(SMOOTH_SHARE * reach)).map(
    ([x, y]): Point => [x * scaleX, y * scaleY],
  );
  const [left, right] = [trace[0].x * scaleX, (trace[trace.length - 1].x + 1) * scaleX];
  const baseline = reachTo(simplify(inner, CORNER_SHARE * up), left, right);
  const band = (above: number, below: number, beyond: number): Point[] => {
    const around = lengthen(baseline, beyond);
    const corners = [...offset(around, -above), ...offset(around, below).toReversed()];
    return corners.map(([x, y]): Point => [clamp(x, width), clamp(y, height)]);
  };
  const polygon = band(up, down, END_SHARE * up);
  const cutout = band(ROOM_ABOVE * up, ROOM_BELOW * down, ROOM_BEYOND * up);
  const confidence = trace.reduce((sum, run) => sum + run.probability, 0) / trace.length;
  const middle = baseline[baseline.length >> 1][1];
  const cut = middle - up < -CUT_SHARE * up || middle + down > height + CUT_SHARE * up;
  return { baseline, polygon, cutout, up, down, confidence, cut };
}

const clamp = (value: number, end: number): number => Math.min(end, Math.max(0, value));

/** The middles of the cells' columns with the baseline there: the median, then the mean, of the columns within `reach`. */
function smoothBaseline(trace: LineTrace, reach: number): Point[] {
  const steady = around(
    trace.map(({ bottom }) => bottom),
    reach,
  ).map(median);
  const smooth = around(steady, reach).map((window) => window.reduce((sum, y) => sum + y, 0) / window.length);
  return trace.map(({ x }, i): Point => [x + 0.5, smooth[i]]);
}

/** The runs but for some at either end, at least a third of them. */
function withoutEnds(trace: LineTrace, columns: number): LineTrace {
  const cut = Math.min(Math.round(columns), Math.floor(trace.length / 3));
  return trace.slice(cut, trace.length - cut);
}

/** A baseline whose first and last stretch go on straight to `left` and `right`. */
function reachTo(line: readonly Point[], left: number, right: number): Point[] {
  if (line.length === 1) return [[left, line[0][1]] as const, [right, line[0][1]] as const];
  const at = ([x0, y0]: Point, [x1, y1]: Point, x: number): Point => [x, y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)];
  const last = line.length - 1;
  return [at(line[0], line[1], left), ...line.slice(1, last), at(line[last - 1], line[last], right)];
}

/** For each value those within `reach`, as many on either side: at the ends of a sloping line a lopsided mean would bend it. */
function around(values: readonly number[], reach: number): number[][] {
  return values.map((_, i) => {
    const side = Math.min(reach, i, values.length - 1 - i);
    return values.slice(i - side, i + side + 1);
  });
}

/** Makes both ends of a polyline longer by `by`. */
function lengthen(line: readonly Point[], by: number): Point[] {
  const beyond = ([x0, y0]: Point, [x1, y1]: Point): Point => {
    const length = Math.hypot(x1 - x0, y1 - y0);
    return [x1 + ((x1 - x0) / length) * by, y1 + ((y1 - y0) / length) * by];
  };
  const last = line.length - 1;
  return [beyond(line[1], line[0]), ...line.slice(1, last), beyond(line[last - 1], line[last])];
}

/** Every point moved at a right angle to the line, downwards where `by` is positive. */
function offset(line: readonly Point[], by: number): Point[] {
  return line.map(([x, y], i) => {
    const [x0, y0] = line[Math.max(0, i - 1)];
    const [x1, y1] = line[Math.min(line.length - 1, i + 1)];
    const length = Math.hypot(x1 - x0, y1 - y0);
    return [x - ((y1 - y0) / length) * by, y + ((x1 - x0) / length) * by];
  });
}

/** Leaves out points that are no further than `tolerance` from the line through the others (Douglas and Peucker 1973). */
function simplify(line: readonly Point[], tolerance: number): Point[] {
  const last = line.length - 1;
  const [[x0, y0], [x1, y1]] = [line[0], line[last]];
  const length = Math.hypot(x1 - x0, y1 - y0);
  let [furthest, at] = [tolerance, 0];
  for (let i = 1; i < last; i++) {
    const [x, y] = line[i];
    const distance = Math.abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length;
    if (distance > furthest) [furthest, at] = [distance, i];
  }
  if (at === 0) return [line[0], line[last]];
  return [...simplify(line.slice(0, at + 1), tolerance).slice(0, -1), ...simplify(line.slice(at), tolerance)];
}
