import type { Network } from './network.ts';

/**
 * A network that reads lines: images `[batch, 1, height, width]` → logits `[batch, time, classes]`, class 0 the blank. Its time
 * steps are either places on the line, `stride` pixels apart, or the `positions` of the text.
 */
export interface LineNetwork extends Network {
  /** Height in pixels of the lines that it takes. */
  readonly height: number;
  /** Pixels from one time step to the next; absent where time steps are positions of the text. */
  readonly stride?: number;
  /** Widths that it takes are multiples of this many pixels. */
  readonly widthStep: number;
  /**
   * Characters of the longest text, one for each time step, where time steps are positions of the text: it is at the first of
   * them, and the others are blank. Absent where they are places on the line, which are read with CTC.
   */
  readonly positions?: number;
  /** Time steps that hold something of a line of `width` pixels. */
  steps(width: number): number;
}
