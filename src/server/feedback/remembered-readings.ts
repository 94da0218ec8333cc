import type { Reading } from '../../reading/reading.ts';

/** What was read a moment ago, and of what picture. */
export interface Remembered {
  readonly picture: Uint8Array;
  readonly reading: Reading;
  /** In milliseconds since 1970. */
  readonly at: number;
}

export interface MemoryLimits {
  /** Most bytes of pictures; default 64 MiB. */
  readonly bytes?: number;
  /** Milliseconds after which a picture is forgotten; default 10 minutes. */
  readonly ms?: number;
  readonly now?: () => number;
}

/** The latest pictures with their readings by id of the request, in memory only, so that a correction needs no second upload. */
export class RememberedReadings {
  readonly #limits: Required<MemoryLimits>;
  /** The oldest first. */
  readonly #readings = new Map<string, Remembered>();
  #bytes = 0;

  constructor({ bytes = 64 * 2 ** 20, ms = 10 * 60_000, now = Date.now }: MemoryLimits = {}) {
    this.#limits = { bytes, ms, now };
  }

  add(requestId: string, picture: Uint8Array, reading: Reading): void {
    this.forget(requestId);
    this.#readings.set(requestId, { picture, reading, at: this.#limits.now() });
    this.#bytes += picture.length;
    this.forgetOld();
  }

  get(requestId: string): Remembered | undefined {
    this.forgetOld();
    return this.#readings.get(requestId);
  }

  forget(requestId: string): void {
    const remembered = this.#readings.get(requestId);
    if (remembered === undefined) return;
    this.#readings.delete(requestId);
    this.#bytes -= remembered.picture.length;
  }

  /** Forgets what is too old, and the oldest where there is too much. */
  forgetOld(): void {
    const { bytes, ms, now } = this.#limits;
    for (const [requestId, { at }] of this.#readings) {
      if (this.#bytes <= bytes && now() - at < ms) return;
      this.forget(requestId);
    }
  }
}
