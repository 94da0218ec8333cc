import { closeSync, openSync, readSync } from 'node:fs';
import type { LogDigest, MetricRange } from './run-summary.ts';

const CHUNK_BYTES = 1 << 20;
const TAIL_BYTES = 120;
const NEWLINE = 10;

/**
 * Reads what was added to a `metrics.jsonl` since `before`, or all of it where the file was cut back, as a resumed run does. Half a line
 * at the end is left for the next time. The file may be written meanwhile.
 */
export function digestLog(path: string, before?: LogDigest): LogDigest {
  const file = openSync(path, 'r');
  try {
    const digest = before !== undefined && continues(file, before) ? structuredClone(before) : emptyDigest();
    for (const lines of readLines(file, digest.bytes)) {
      addLines(digest, lines.toString('utf8'));
      digest.bytes += lines.length;
      digest.tail = lines.subarray(-TAIL_BYTES).toString('latin1');
    }
    return digest;
  } finally {
    closeSync(file);
  }
}

/** Of a run that has logged nothing yet. */
export function emptyDigest(): LogDigest {
  return { bytes: 0, tail: '', step: 0, totalSteps: 0, epoch: 0, epochs: 0, metrics: {} };
}

function continues(file: number, { bytes, tail }: LogDigest): boolean {
  const found = Buffer.alloc(tail.length);
  const length = readSync(file, found, 0, tail.length, bytes - tail.length);
  return found.subarray(0, length).toString('latin1') === tail;
}

/** Whole lines from `start` on, about a mebibyte at a time. */
function* readLines(file: number, start: number): Generator<Buffer> {
  let position = start;
  let buffer = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const length = readSync(file, buffer, 0, buffer.length, position);
    const end = buffer.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield buffer.subarray(0, end);
    // A line that is longer than the buffer needs a larger one.
    else if (length === buffer.length) buffer = Buffer.alloc(2 * buffer.length);
    else return;
    position += end;
  }
}

interface LogLine {
  readonly event?: unknown;
  readonly time?: unknown;
  readonly step?: unknown;
  readonly totalSteps?: unknown;
  readonly epoch?: unknown;
  readonly epochs?: unknown;
  readonly metrics?: Readonly<Record<string, unknown>>;
}

/** Of the lines of steps, of which there are many, only the last counts. */
function addLines(digest: LogDigest, text: string): void {
  let lastStep: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('{"event":"step"')) lastStep = line;
    else if (line.startsWith('{"event":"epoch"')) addEpoch(digest, parseLine(line));
    digest.firstTime ??= timeOf(line);
  }
  if (lastStep !== undefined) addStep(digest, parseLine(lastStep));
  digest.lastTime = timeOf(text.slice(text.lastIndexOf('"time":"'))) ?? digest.lastTime;
}

function timeOf(line: string): string | undefined {
  return /"time":"([^"]{10,40})"/.exec(line)?.[1];
}

/** A line that is damaged says nothing. */
function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}

function addStep(digest: LogDigest, { step, totalSteps, epochs }: LogLine): void {
  digest.step = Math.max(digest.step, whole(step, 0));
  digest.totalSteps = whole(totalSteps, digest.totalSteps);
  digest.epochs = whole(epochs, digest.epochs);
}

function addEpoch(digest: LogDigest, { epoch, epochs, step, metrics = {} }: LogLine): void {
  digest.epoch = whole(epoch, digest.epoch);
  digest.epochs = whole(epochs, digest.epochs);
  digest.step = Math.max(digest.step, whole(step, 0));
  for (const [name, value] of Object.entries(metrics)) {
    digest.metrics[name] = extend(digest.metrics[name], Number(value), digest.epoch);
  }
}

function whole(value: unknown, otherwise: number): number {
  return Number.isSafeInteger(value) ? (value as number) : otherwise;
}

function extend(range: MetricRange | undefined, value: number, epoch: number): MetricRange {
  const before = range ?? { last: null, min: null, minEpoch: 0, max: null, maxEpoch: 0 };
  if (!Number.isFinite(value)) return { ...before, last: null };
  const isLeast = before.min === null || value < before.min;
  const isGreatest = before.max === null || value > before.max;
  return {
    last: value,
    min: isLeast ? value : before.min,
    minEpoch: isLeast ? epoch : before.minEpoch,
    max: isGreatest ? value : before.max,
    maxEpoch: isGreatest ? epoch : before.maxEpoch,
  };
}
