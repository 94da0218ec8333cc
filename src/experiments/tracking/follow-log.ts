import { readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const TAIL_BYTES = 120;
const NEWLINE = 10;

/** How far a log was read. */
export interface LogPosition {
  /** Of whole lines that were read. */
  bytes: number;
  /** The end of what was read, to tell whether the file was cut and has grown again. */
  tail: string;
}

/** Whether the file still begins with what was read of it. */
export function continuesLog(file: number, { bytes, tail }: LogPosition): boolean {
  const found = Buffer.alloc(tail.length);
  const length = readSync(file, found, 0, tail.length, bytes - tail.length);
  return found.subarray(0, length).toString('latin1') === tail;
}

/**
 * Whole lines after `position`, about a mebibyte at a time, with the position after them. Half a line at the end is left for the next time.
 * The file may be written meanwhile.
 */
export function* readLogFrom(
  file: number,
  position: LogPosition,
): Generator<{ readonly text: string; readonly position: LogPosition }> {
  let { bytes } = position;
  let buffer = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const length = readSync(file, buffer, 0, buffer.length, bytes);
    const end = buffer.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const lines = buffer.subarray(0, end);
      bytes += end;
      yield { text: lines.toString('utf8'), position: { bytes, tail: lines.subarray(-TAIL_BYTES).toString('latin1') } };
    }
    // A line that is longer than the buffer needs a larger one.
    else if (length === buffer.length) buffer = Buffer.alloc(2 * buffer.length);
    else return;
  }
}
