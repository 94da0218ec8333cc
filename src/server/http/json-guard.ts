import { ProblemError } from './problem.ts';

/** A batch is an object with a list of strings. */
const MAX_DEPTH = 8;
/** Bytes that are in no string: brackets, commas, numbers, white space. */
const MAX_PLAIN_BYTES = 2 ** 16;
/** Quotes that begin, end, or are escaped in strings: two lists of words have 40,000. */
const MAX_QUOTES = 2 ** 16;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Looks at JSON as it arrives, and throws INVALID_REQUEST as soon as it has more values, or is nested deeper, than any request
 * for images. What it lets through is long in its strings only, so that to parse it makes few objects. It does not tell whether it
 * is JSON.
 */
export class JsonGuard {
  #depth = 0;
  #plainBytes = 0;
  #quotes = 0;
  #isInString = false;
  /** Whether an odd number of backslashes is before the next byte of a string. */
  #isEscaped = false;

  /** Takes the next bytes, cut anywhere. */
  check(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at = this.#isInString ? this.#endOfString(chunk, at) : this.#plain(chunk, at);
  }

  /** Takes one byte outside of strings; gives the place of the next one. */
  #plain(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    if (byte === QUOTE) this.#countQuote(true);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#depth--;
    if (this.#depth > MAX_DEPTH) throw refuse(`is nested more than ${MAX_DEPTH} deep`);
    if (++this.#plainBytes > MAX_PLAIN_BYTES) throw refuse(`has more than ${MAX_PLAIN_BYTES} bytes outside of strings`);
    return at + 1;
  }

  /** Skips to behind the quote that ends the string, or to the end of the chunk. */
  #endOfString(chunk: Buffer, from: number): number {
    const quote = chunk.indexOf(QUOTE, from);
    const end = quote < 0 ? chunk.length : quote;
    const isEscaped = this.#isEscapedAt(chunk, from, end);
    this.#isEscaped = quote < 0 && isEscaped;
    if (quote >= 0) this.#countQuote(isEscaped);
    return end + 1;
  }

  /** Whether the byte at `end` is escaped; the string, or what is known of it, begins at `from`. */
  #isEscapedAt(chunk: Buffer, from: number, end: number): boolean {
    let start = end;
    while (start > from && chunk[start - 1] === BACKSLASH) start--;
    const isOdd = (end - start) % 2 === 1;
    return start === from ? isOdd !== this.#isEscaped : isOdd;
  }

  #countQuote(isInString: boolean): void {
    this.#isInString = isInString;
    if (++this.#quotes > MAX_QUOTES) throw refuse(`has more than ${MAX_QUOTES} quotes`);
  }
}

function refuse(fault: string): ProblemError {
  return new ProblemError(
    'INVALID_REQUEST',
    `The JSON body ${fault}; send { "image": "data:image/png;base64,…" }, or { "images": […] } for a batch.`,
  );
}
