/** 128 MiB in a second: a gigabit network brings no more, and the thread that answers has most of its time for other things. */
const BYTES_PER_TURN = 2 ** 19;
const TURN_MS = 4;
/** A socket is read in pieces of 64 KiB. */
const PIECES_PER_TURN = BYTES_PER_TURN / 2 ** 16;
/** A body waits only from here on: most are smaller. */
const SMALL_BYTES = 2 ** 18;

/**
 * Lets large bodies in by turns. Node reads whatever every connection has sent before it looks at anything else; with a hundred uploads
 * at once, the smallest request would wait for a piece of each of them.
 */
export class BodyPace {
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;
  #isTurning = false;

  /** Counts a piece that was taken in of a body that has `received` bytes by now, and resolves when it may take its next one. */
  async take(bytes: number, received: number): Promise<void> {
    this.#bytes += bytes;
    if (!this.#isTurning) {
      this.#isTurning = true;
      setTimeout(this.#turn, TURN_MS);
    }
    if (received <= SMALL_BYTES || this.#bytes <= BYTES_PER_TURN) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Those who have waited longest go on. */
  readonly #turn = (): void => {
    this.#bytes = 0;
    for (const resume of this.#waiting.splice(0, PIECES_PER_TURN)) resume();
    this.#isTurning = this.#waiting.length > 0;
    if (this.#isTurning) setTimeout(this.#turn, TURN_MS);
  };
}

/** Of all that this thread takes in. */
export const bodyPace = new BodyPace();
