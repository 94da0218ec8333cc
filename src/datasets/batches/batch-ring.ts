import { RingState } from './ring-state.ts';

/** The shared memory of a `BatchRing`; survives `postMessage`. */
export interface BatchRingMemory {
  readonly batchSize: number;
  readonly imageSize: number;
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly images: Uint8Array<SharedArrayBuffer>;
  readonly labels: Int32Array<SharedArrayBuffer>;
  readonly indices: Uint32Array<SharedArrayBuffer>;
}

/** The views of one slot: `images` `[batchSize, imageSize]`, `labels` and `indices` `[batchSize]`. */
export interface BatchSlot {
  readonly images: Uint8Array<SharedArrayBuffer>;
  readonly labels: Int32Array<SharedArrayBuffer>;
  readonly indices: Uint32Array<SharedArrayBuffer>;
}

/** Memory for a ring of `slots` batches, all of them free. */
export function allocateRing(slots: number, batchSize: number, imageSize: number): BatchRingMemory {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  return {
    batchSize,
    imageSize,
    state: new Int32Array(shared(slots * 4)),
    images: new Uint8Array(shared(slots * batchSize * imageSize)),
    labels: new Int32Array(shared(slots * batchSize * 4)),
    indices: new Uint32Array(shared(slots * batchSize * 4)),
  };
}

/** A ring of batches between threads. */
export class BatchRing extends RingState {
  readonly slots: readonly BatchSlot[];

  constructor(memory: BatchRingMemory) {
    super(memory.state);
    const { batchSize, imageSize } = memory;
    this.slots = Array.from(memory.state, (_, slot) => ({
      images: memory.images.subarray(slot * batchSize * imageSize, (slot + 1) * batchSize * imageSize),
      labels: memory.labels.subarray(slot * batchSize, (slot + 1) * batchSize),
      indices: memory.indices.subarray(slot * batchSize, (slot + 1) * batchSize),
    }));
  }

  slot(serial: number): BatchSlot {
    return this.slots[serial % this.slots.length];
  }
}
