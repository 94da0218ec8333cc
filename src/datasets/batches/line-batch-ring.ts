import { RingState } from './ring-state.ts';
import { type FullLineBatchShape, labelsPerLine, linesPerBatch } from './line-batch-plan.ts';

/** The shared memory of a `LineBatchRing`; survives `postMessage`. */
export interface LineBatchRingMemory {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly slots: readonly LineBatchSlot[];
}

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

/** Memory for `slots` batches of any width that `shape` allows. */
export function allocateLineRing(slots: number, shape: FullLineBatchShape, height: number): LineBatchRingMemory {
  const most = { lines: 0, columns: 0, labels: 0 };
  for (let width = shape.widthStep; width <= shape.maxWidth; width += shape.widthStep) {
    const lines = linesPerBatch(width, shape);
    most.lines = Math.max(most.lines, lines);
    most.columns = Math.max(most.columns, lines * width);
    most.labels = Math.max(most.labels, lines * labelsPerLine(width, shape));
  }
  const integers = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
  return {
    state: integers(slots),
    slots: Array.from({ length: slots }, () => ({
      shape: integers(2),
      images: new Uint8Array(new SharedArrayBuffer(most.columns * height)),
      labels: integers(most.labels),
      widths: integers(most.lines),
      labelLengths: integers(most.lines),
      sets: integers(most.lines),
      indices: integers(most.lines),
    })),
  };
}

/** A ring of line batches between threads. */
export class LineBatchRing extends RingState {
  readonly #slots: readonly LineBatchSlot[];

  constructor({ state, slots }: LineBatchRingMemory) {
    super(state);
    this.#slots = slots;
  }

  slot(serial: number): LineBatchSlot {
    return this.#slots[serial % this.#slots.length];
  }
}
