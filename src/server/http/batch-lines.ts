import { Readable } from 'node:stream';
import type { TimedReading } from '../reading-service.ts';
import { toAnswer } from './answer.ts';
import { toProblem } from './problem.ts';

export const LINES_TYPE = 'application/x-ndjson';

/** Whether a client asks for lines of JSON. */
export function wantsLines(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((type) => type.split(';', 1)[0].trim().toLowerCase() === LINES_TYPE);
}

/**
 * The readings of a batch as lines of JSON, each as soon as it is there: `index` is the place of its image, and one that cannot be read has
 * an `error`. `started` is when the request arrived, by `performance.now()`.
 */
export function batchLines(readings: readonly Promise<TimedReading>[], started: number): Readable {
  return Readable.from(linesOf(readings, started));
}

async function* linesOf(readings: readonly Promise<TimedReading>[], started: number): AsyncGenerator<string> {
  const pending = new Map(readings.map((reading, index) => [index, itemOf(reading, index, started)]));
  while (pending.size > 0) {
    const item = await Promise.race(pending.values());
    pending.delete(item.index);
    yield `${JSON.stringify(item)}\n`;
  }
}

async function itemOf(reading: Promise<TimedReading>, index: number, started: number) {
  try {
    return { index, ...toAnswer(await reading, started) };
  } catch (error) {
    return { index, error: toProblem(error).details() };
  }
}
