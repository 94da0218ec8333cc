import { TextRecognizerError } from '../../errors.ts';
import { requireWhole } from './require-whole.ts';

/** How many lines go into a batch, and how wide it is. */
export interface LineBatchShape {
  /** Most lines of a batch. */
  readonly maxLines: number;
  /** Most columns of a batch, padding included: lines × width. Together with `maxLines` it bounds memory. */
  readonly maxColumns: number;
  /** Widths of batches are multiples of this many pixels, so that there are few shapes to build a graph for. Default 32. */
  readonly widthStep?: number;
  /** Widest batch in pixels; wider lines are squeezed to it. Default 2048. */
  readonly maxWidth?: number;
  /** Pixels per time step of the network: a line gets at least the columns that CTC needs for its text. Default 8. */
  readonly stride?: number;
}

/** A `LineBatchShape` with its defaults filled in. */
export type FullLineBatchShape = Required<LineBatchShape>;

/** Fills in the defaults; throws `INVALID_ARGUMENT` unless one line of the greatest width fits into a batch. */
export function fullLineBatchShape(shape: LineBatchShape): FullLineBatchShape {
  const full = { widthStep: 32, maxWidth: 2048, stride: 8, ...shape };
  requireWhole(1, full);
  if (full.maxWidth % full.widthStep !== 0 || full.maxWidth > full.maxColumns) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `maxWidth ${full.maxWidth} must be a multiple of widthStep ${full.widthStep} and at most maxColumns ${full.maxColumns}.`,
    );
  }
  return full;
}

/** `width` rounded up to a multiple of the step, within the widest. */
export function batchWidth(width: number, { widthStep, maxWidth }: FullLineBatchShape): number {
  return Math.min(maxWidth, Math.max(1, Math.ceil(width / widthStep)) * widthStep);
}

/** Lines in a batch of this width: a function of the width alone, so that every width is one shape. */
export function linesPerBatch(width: number, { maxLines, maxColumns }: FullLineBatchShape): number {
  return Math.max(1, Math.min(maxLines, Math.floor(maxColumns / width)));
}

/** Places for labels per line in a batch of this width: a class per time step, more than CTC can need. */
export function labelsPerLine(width: number, { stride }: FullLineBatchShape): number {
  return Math.ceil(width / stride);
}

/** Lines of one batch, by their place in the list that was grouped. */
export interface LineGroup {
  /** Width of the batch in pixels, a multiple of `widthStep`. */
  readonly width: number;
  readonly members: readonly number[];
}

/**
 * Groups lines by width, widest first, each group as large as its width allows; the last one, of the narrowest lines, takes what
 * is left.
 */
export function groupByWidth(widths: readonly number[], shape: FullLineBatchShape): LineGroup[] {
  const order = widths.map((_, place) => place).sort((a, b) => widths[b] - widths[a] || a - b);
  const groups: LineGroup[] = [];
  for (let start = 0; start < order.length;) {
    const width = batchWidth(widths[order[start]], shape);
    const members = order.slice(start, start + linesPerBatch(width, shape));
    groups.push({ width, members });
    start += members.length;
  }
  return groups;
}
