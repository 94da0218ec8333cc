import { formatBytes } from '../../images/image-limits.ts';
import { ProblemError } from '../http/problem.ts';

const MEBIBYTE = 2 ** 20;
/** An image that decodes to no more than this is small: a character, or a line that was cut out. */
const SMALL_BYTES = MEBIBYTE / 2;
/** An image that decodes to more than this is costly; a photograph of 16 megapixels is not. */
const COSTLY_BYTES = 48 * MEBIBYTE;
/** What the images that are not costly may decode to at a time, for each thread; half of it beside a costly one. */
const CHEAP_BYTES_PER_THREAD = 96 * MEBIBYTE;
/** Threads for each costly image that is decoded at a time. */
const THREADS_PER_COSTLY = 4;
/** What costly images that wait may decode to together; a thread decodes some 256 MiB in a second. */
const MAX_WAITING_BYTES = 1024 * MEBIBYTE;
const BYTES_PER_SECOND = 256 * MEBIBYTE;
const LANES_PER_MODEL = 3;

/**
 * Bounds what images decode to, which may be a thousand times what they have as files. Costly images have lanes of their own, in which
 * they wait for each other while cheap ones pass.
 */
export class DecodeLoad {
  readonly #threads: () => number;
  #waiting = 0;
  #costly = 0;
  #cheapBytes = 0;

  /** `threads` says how many threads there are at the time. */
  constructor(threads: () => number) {
    this.#threads = threads;
  }

  /** What the costly images that wait decode to. */
  get waitingBytes(): number {
    return this.#waiting;
  }

  /** Throws OVERLOADED unless there is room for images that decode to these bytes, or IMAGE_TOO_LARGE if there never is. */
  check(decodeBytes: readonly number[]): void {
    const bytes = decodeBytes.reduce((sum, one) => sum + (one > COSTLY_BYTES ? one : 0), 0);
    if (bytes > MAX_WAITING_BYTES) {
      throw new ProblemError(
        'IMAGE_TOO_LARGE',
        `The large images of this request decode to ${formatBytes(bytes)}, more than the ${formatBytes(MAX_WAITING_BYTES)} allowed; ` +
          'send fewer at a time, or smaller ones.',
      );
    }
    if (bytes === 0 || this.#waiting + bytes <= MAX_WAITING_BYTES) return;
    throw new ProblemError(
      'OVERLOADED',
      `Large images wait already that decode to ${formatBytes(this.#waiting)}; try again later, or send a smaller one.`,
      { retryAfter: Math.ceil(this.#waiting / BYTES_PER_SECOND) },
    );
  }

  /** The lane for images of a model that decode to so many bytes: small, ordinary or costly ones. */
  laneOf(model: number, decodeBytes: number): number {
    const size = decodeBytes > COSTLY_BYTES ? 2 : decodeBytes > SMALL_BYTES ? 1 : 0;
    return LANES_PER_MODEL * model + size;
  }

  modelOf(lane: number): number {
    return Math.floor(lane / LANES_PER_MODEL);
  }

  isCostly(lane: number): boolean {
    return lane % LANES_PER_MODEL === 2;
  }

  /** How many bytes of a lane may be decoded now, beside what is. */
  readonly roomOf = (lane: number): number => {
    if (!this.isCostly(lane)) {
      const all = Math.max(1, this.#threads()) * CHEAP_BYTES_PER_THREAD;
      return (this.#costly > 0 ? all / 2 : all) - this.#cheapBytes;
    }
    const most = Math.max(1, Math.floor(this.#threads() / THREADS_PER_COSTLY));
    return this.#costly < most ? Infinity : 0;
  };

  /** An image begins to wait, or ends to (with negative bytes). */
  wait(lane: number, bytes: number): void {
    if (this.isCostly(lane)) this.#waiting += bytes;
  }

  /** A batch is begun, or has ended (with negative bytes). */
  decode(lane: number, bytes: number): void {
    if (this.isCostly(lane)) this.#costly += Math.sign(bytes);
    else this.#cheapBytes += bytes;
  }
}
