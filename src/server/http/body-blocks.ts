import type { Pieces } from './open-body.ts';

/** Large enough to be mapped by itself, and so to be given back to the system when it is free. */
const BLOCK_BYTES = 2 ** 19;

/**
 * The bytes of a body as they arrive, copied to a few large blocks: thousands of small ones would stay scattered over the heap, and
 * keep its pages from the system.
 */
export class BodyBlocks {
  readonly #full: Uint8Array<ArrayBuffer>[] = [];
  #block = new Uint8Array(0);
  #used = 0;
  #bytes = 0;

  /** How many bytes have come. */
  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    for (let at = 0; at < bytes.length;) {
      if (this.#used === this.#block.length) this.#begin(bytes.length);
      const part = bytes.subarray(at, at + this.#block.length - this.#used);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
    }
  }

  /** What has come, in pieces that share no memory with each other. */
  pieces(): Pieces {
    return [...this.#full, this.#block.subarray(0, this.#used)];
  }

  /** The first block is as large as what comes first: most bodies are small. */
  #begin(bytes: number): void {
    const isFirst = this.#block.length === 0;
    if (!isFirst) this.#full.push(this.#block);
    this.#block = new Uint8Array(isFirst ? bytes : BLOCK_BYTES);
    this.#used = 0;
  }
}
