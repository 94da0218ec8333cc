/** The shared memory of a `Ring`; survives `postMessage`. */
export interface RingMemory<Slot> {
  /** `[slots]`, zeros at first. */
  readonly state: Int32Array<SharedArrayBuffer>;
  /** The memory of one batch each: typed arrays in shared memory. */
  readonly slots: readonly Slot[];
}

/** Memory for a ring of `count` slots, all of them free. */
export function allocateRing<Slot>(count: number, allocateSlot: () => Slot): RingMemory<Slot> {
  return { state: sharedIntegers(count), slots: Array.from({ length: count }, allocateSlot) };
}

/** `[length]`, int32, zeros, in shared memory. */
export function sharedIntegers(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}

/**
 * A ring of batches between threads. Batch number `serial` goes through slot `serial mod slots` in round `serial div slots`; the
 * slot's state is 2·round while it is free for that round and 2·round + 1 while it is full, so no two batches can be confused.
 */
export class Ring<Slot> {
  readonly #state: Int32Array<SharedArrayBuffer>;
  readonly #slots: readonly Slot[];

  constructor({ state, slots }: RingMemory<Slot>) {
    this.#state = state;
    this.#slots = slots;
  }

  slot(serial: number): Slot {
    return this.#slots[serial % this.#slots.length];
  }

  /** Blocks this thread until the slot of `serial` is free for it. */
  waitUntilFree(serial: number): void {
    const slot = serial % this.#state.length;
    for (;;) {
      const state = Atomics.load(this.#state, slot);
      if (state === this.#free(serial)) return;
      Atomics.wait(this.#state, slot, state);
    }
  }

  isFull(serial: number): boolean {
    return Atomics.load(this.#state, serial % this.#state.length) === this.#free(serial) + 1;
  }

  markFull(serial: number): void {
    this.#set(serial, this.#free(serial) + 1);
  }

  /** Frees the slot for the batch that uses it in the next round. */
  markFree(serial: number): void {
    this.#set(serial, this.#free(serial) + 2);
  }

  #free(serial: number): number {
    return 2 * Math.floor(serial / this.#state.length);
  }

  #set(serial: number, value: number): void {
    const slot = serial % this.#state.length;
    Atomics.store(this.#state, slot, value);
    Atomics.notify(this.#state, slot);
  }
}
