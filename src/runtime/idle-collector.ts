import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Less is left to V8. */
const LEAST_BYTES = 2 ** 24;
const QUIET_MS = 1000;

/**
 * Collects a thread's garbage once it has been quiet for a second after it let go of 16 MiB or more. V8 collects only while more is
 * allocated; without this, the memory of a burst of large images would be kept for as long as nothing comes.
 */
export class IdleCollector {
  readonly #collect: () => void;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(collect: () => void = collectGarbage) {
    this.#collect = collect;
  }

  /** The thread has worked, and let go of these bytes. */
  release(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < LEAST_BYTES) return;
    if (this.#timer !== undefined) {
      this.#timer.refresh();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#bytes = 0;
      this.#timer = undefined;
      this.#collect();
    }, QUIET_MS).unref();
  }
}

let gc: (() => void) | undefined;

/** A full collection of this thread's heap, some 20 ms. */
export function collectGarbage(): void {
  if (gc === undefined) {
    // The function is there in contexts that are made after the flag.
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  gc();
}
