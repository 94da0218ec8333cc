import type { LineInfo } from '../lines/line-dataset.ts';

/** One line of writing as a pen's path. */
export interface StrokeLine {
  readonly info: LineInfo;
  /** x and y of all points in turn, `[points, 2]`, y downward, in the tablet's units; sampled at even times. */
  readonly points: Float32Array;
  /** How many points each stroke (pen down to pen up) has, `[strokes]`. */
  readonly strokes: Uint32Array;
}
