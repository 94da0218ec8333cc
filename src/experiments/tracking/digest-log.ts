import { closeSync, openSync } from 'node:fs';
import { continuesLog, readLogFrom } from './follow-log.ts';
import type { LogDigest, MetricRange } from './run-summary.ts';

/**
 * Reads what was added to a `metrics.jsonl` since `before`, or all of it where the file was cut back, as a resumed run does. Half a line
 * at the end is left for the next time. The file may be written meanwhile.
 */
export function digestLog(path: string, before?: LogDigest): LogDigest {
  const file = openSync(path, 'r');
  try {
    const digest = before !== undefined && continuesLog(file, before) ? structuredClone(before) : emptyDigest();
    for (const { text, position } of readLogFrom(file, digest)) {
      addLines(digest, text);
      Object.assign(digest, position);
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
