import type { Network } from './network.ts';

/** A network that reads lines: images `[batch, 1, height, width]` → logits `[batch, time, classes]`, class 0 the blank. */
export interface LineNetwork extends Network {
  /** Height in pixels of the lines that it takes. */
  readonly height: number;
  /** Pixels from one time step to the next. */
  readonly stride: number;
  /** Widths that it takes are multiples of this many pixels. */
  readonly widthStep: number;
  /** Where time steps are positions of the text instead of places on the line, how many there are; CTC needs places. */
  readonly positions?: number;
  /** Time steps that hold something of a line of `width` pixels. */
  steps(width: number): number;
}
