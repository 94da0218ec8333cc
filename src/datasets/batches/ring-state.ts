/**
 * Whose turn each slot of a ring between threads is. Batch number `serial` goes through slot `serial mod slots` in round
 * `serial div slots`; the slot's state is 2·round while it is free for that round and 2·round + 1 while it is full, so no two batches
 * can be confused.
 */
export class RingState {
  readonly #state: Int32Array<SharedArrayBuffer>;

  /** `state` is `[slots]`, zeros at first; all threads are given the same. */
  constructor(state: Int32Array<SharedArrayBuffer>) {
    this.#state = state;
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
