import type { Network } from './network.ts';

/**
 * A network that reads lines: images `[batch, 1, height, width]`, float32 in [0, 1] with ink 1 → logits
 * `[batch, steps, classes]`.
 */
export interface LineNetwork extends Network {
  /** Pixels that a line must be high. */
  readonly height: number;
  /** Pixels from one step of the logits to the next. */
  readonly stride: number;
  /** Widths must be multiples of it. */
  readonly widthStep: number;
  /** The steps of the logits that see a line of that width. */
  steps(width: number): number;
  /**
   * How many symbols the logits hold, padded with class 0 after the last, where a step is the symbol at its position. Left
   * out, steps are frames to be read by CTC with blank 0.
   */
  readonly positions?: number;
}
