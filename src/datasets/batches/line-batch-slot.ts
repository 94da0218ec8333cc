import { type FullLineBatchShape, labelsPerLine, linesPerBatch } from './line-batch-plan.ts';
import { sharedIntegers } from './ring.ts';

/** The memory of one batch, large enough for any shape that the plan allows. */
export interface LineBatchSlot {
  /** Width in pixels and number of lines of the batch that it holds, `[2]`. */
  readonly shape: Int32Array<SharedArrayBuffer>;
  /** `[lines, height, width]` */
  readonly images: Uint8Array<SharedArrayBuffer>;
  /** `[lines, labels per line]`, 0 where a text has ended. */
  readonly labels: Int32Array<SharedArrayBuffer>;
  /** `[lines]` each. */
  readonly widths: Int32Array<SharedArrayBuffer>;
  readonly labelLengths: Int32Array<SharedArrayBuffer>;
  /** Which set each line is from, and which line of its dataset, `[lines]` each. */
  readonly sets: Int32Array<SharedArrayBuffer>;
  readonly indices: Int32Array<SharedArrayBuffer>;
}

/** Makes memory for one batch of any width that `shape` allows. */
export function lineSlots(shape: FullLineBatchShape, height: number): () => LineBatchSlot {
  const most = { lines: 0, columns: 0, labels: 0 };
  for (let width = shape.widthStep; width <= shape.maxWidth; width += shape.widthStep) {
    const lines = linesPerBatch(width, shape);
    most.lines = Math.max(most.lines, lines);
    most.columns = Math.max(most.columns, lines * width);
    most.labels = Math.max(most.labels, lines * labelsPerLine(width, shape));
  }
  return () => ({
    shape: sharedIntegers(2),
    images: new Uint8Array(new SharedArrayBuffer(most.columns * height)),
    labels: sharedIntegers(most.labels),
    widths: sharedIntegers(most.lines),
    labelLengths: sharedIntegers(most.lines),
    sets: sharedIntegers(most.lines),
    indices: sharedIntegers(most.lines),
  });
}
