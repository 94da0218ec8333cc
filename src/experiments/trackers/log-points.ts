import { closeSync, openSync } from 'node:fs';
import { continuesLog, readLogFrom, type LogPosition } from '../tracking/follow-log.ts';

/** Figures of one moment of a training, by the names that TensorBoard shows them by: `step/loss`, `epoch/valLoss`, `system/residentMiB`. */
export interface LogPoint {
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

/** How far a `metrics.jsonl` was sent: where in the file, and which of its lines are not to be sent again where a resumed run rewrites them. */
export interface LogCursor extends LogPosition {
  step: number;
  epoch: number;
  /** Of the last line about the machine, ISO 8601. */
  time: string;
}

/** Before the first line. */
export function startOfLog(): LogCursor {
  return { bytes: 0, tail: '', step: 0, epoch: 0, time: '' };
}

/** What a `metrics.jsonl` holds after `cursor`, some thousand lines at a time, each time with the cursor after them; damaged lines say nothing. */
export function* readPoints(
  path: string,
  cursor: LogCursor,
): Generator<{ readonly points: readonly LogPoint[]; readonly cursor: LogCursor }> {
  const file = openSync(path, 'r');
  try {
    const sent = { ...cursor };
    const start = continuesLog(file, cursor) ? cursor : startOfLog();
    for (const { text, position } of readLogFrom(file, start)) {
      const points = text.split('\n').flatMap((line) => pointOf(line, sent) ?? []);
      yield { points, cursor: { ...sent, ...position } };
    }
  } finally {
    closeSync(file);
  }
}

type LogLine = Readonly<Record<string, unknown>> & { readonly event?: unknown };

/** Undefined for a line that was sent, or that says nothing; notes in `sent` that it now is. */
function pointOf(text: string, sent: LogCursor): LogPoint | undefined {
  const line = parseLine(text);
  const step = Number(line.step);
  const time = Date.parse(String(line.time));
  if (!Number.isSafeInteger(step) || Number.isNaN(time)) return undefined;
  if (!isNew(line, step, sent)) return undefined;
  return { step, time, values: valuesOf(line) };
}

function isNew({ event, epoch, time }: LogLine, step: number, sent: LogCursor): boolean {
  if (event === 'step') return step > sent.step && (sent.step = step) > 0;
  if (event === 'epoch') return Number(epoch) > sent.epoch && (sent.epoch = Number(epoch)) > 0;
  if (event === 'system') return String(time) > sent.time && (sent.time = String(time)) !== '';
  return false;
}

function valuesOf(line: LogLine): Record<string, number> {
  if (line.event === 'epoch') return named('epoch', line.metrics as Record<string, unknown>);
  if (line.event === 'system') {
    const { event: _event, time: _time, step: _step, ...figures } = line;
    return named('system', figures);
  }
  const { loss, learningRate, gradientNorm } = line;
  const seconds = Number(line.seconds);
  const itemsPerSecond = Number(line.items) / seconds;
  const waitShare = Number(line.waitSeconds) / seconds;
  return named('step', { loss, learningRate, gradientNorm, itemsPerSecond, waitShare });
}

/** NaN and infinities are strings in the log. */
function named(prefix: string, figures: Readonly<Record<string, unknown>> = {}): Record<string, number> {
  const entries = Object.entries(figures).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [`${prefix}/${name}`, Number(value)]));
}

function parseLine(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as LogLine) : {};
  } catch {
    return {};
  }
}
