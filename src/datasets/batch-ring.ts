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

/**
 * A ring of batches between threads. Batch number `serial` goes through slot `serial mod slots` in round `serial div slots`; the
 * slot's state is 2·round while it is free for that round and 2·round + 1 while it is full, so no two batches can be confused.
 */
export class BatchRing {
  readonly slots: readonly BatchSlot[];
  readonly #state: Int32Array<SharedArrayBuffer>;

  constructor(memory: BatchRingMemory) {
    const { batchSize, imageSize } = memory;
    this.#state = memory.state;
    this.slots = Array.from(memory.state, (_, slot) => ({
      images: memory.images.subarray(slot * batchSize * imageSize, (slot + 1) * batchSize * imageSize),
      labels: memory.labels.subarray(slot * batchSize, (slot + 1) * batchSize),
      indices: memory.indices.subarray(slot * batchSize, (slot + 1) * batchSize),
    }));
  }

  slot(serial: number): BatchSlot {
    return this.slots[serial % this.slots.length];
  }

  /** Blocks this thread until the slot of `serial` is free for it. */
  waitUntilFree(serial: number): void {
    const slot = serial % this.slots.length;
    for (;;) {
      const state = Atomics.load(this.#state, slot);
      if (state === this.#free(serial)) return;
      Atomics.wait(this.#state, slot, state);
    }
  }

  isFull(serial: number): boolean {
    return Atomics.load(this.#state, serial % this.slots.length) === this.#free(serial) + 1;
  }

  markFull(serial: number): void {
    this.#set(serial, this.#free(serial) + 1);
  }

  /** Frees the slot for the batch that uses it in the next round. */
  markFree(serial: number): void {
    this.#set(serial, this.#free(serial) + 2);
  }

  #free(serial: number): number {
    return 2 * Math.floor(serial / this.slots.length);
  }

  #set(serial: number, value: number): void {
    const slot = serial % this.slots.length;
    Atomics.store(this.#state, slot, value);
    Atomics.notify(this.#state, slot);
  }
}
