import type { GrayImage } from '../images/gray-image.ts';
import { resize } from '../images/resize.ts';

/** How lines are laid out for a network that reads them. */
export interface LineLayout {
  /** Height in pixels. */
  readonly height: number;
  /** Widths are padded at the right to a multiple of this many pixels. */
  readonly widthStep: number;
  /** Wider lines are squeezed to it. */
  readonly maxWidth: number;
  /** Pixels from one time step to the next; absent where time steps are positions of the text. */
  readonly stride?: number;
}

/** A line as a network takes it. */
export interface LaidOutLine {
  /** `[height, paddedWidth]`, white ink (255) on black. */
  readonly data: Uint8Array;
  readonly paddedWidth: number;
  /** Width in pixels of what is not padding. */
  readonly width: number;
  /**
   * Time steps that belong to the line; what the network says after them is of the padding. Absent where time steps are positions
   * of the text: all of them belong to it then.
   */
  readonly steps?: number;
}

/** Time steps that belong to a line of `width` pixels: one for each stride that it begins. */
export function stepsOfLine(width: number, stride: number): number {
  return Math.max(1, Math.ceil(width / stride));
}

/** Squeezes and pads a line of the layout's height. */
export function layOutLine(line: GrayImage, { height, widthStep, maxWidth, stride }: LineLayout): LaidOutLine {
  const { width, data } = line.width <= maxWidth ? line : resize(line, maxWidth, height);
  const paddedWidth = Math.ceil(width / widthStep) * widthStep;
  const padded = new Uint8Array(height * paddedWidth);
  for (let y = 0; y < height; y++) padded.set(data.subarray(y * width, (y + 1) * width), y * paddedWidth);
  if (stride === undefined) return { data: padded, paddedWidth, width };
  return { data: padded, paddedWidth, width, steps: stepsOfLine(width, stride) };
}
