import type { FastifyBaseLogger } from 'fastify';
import { toProblem } from '../http/problem.ts';
import { type ReadingService, readingThrough, type TimedReading } from '../reading-service.ts';
import type { ReadingWatcher } from './reading-watcher.ts';

/** A service whose every reading, and every failure to read, a watcher is told of, and the log, under the request's id. */
export function watchedService(
  service: ReadingService,
  watcher: ReadingWatcher,
  log: FastifyBaseLogger,
): ReadingService {
  return readingThrough(service, async (image, options = {}) => {
    const { requestId = 'none' } = options;
    const told = (tell: () => void): void => {
      try {
        tell();
      } catch (error) {
        // A fault of the monitoring is no reason not to answer.
        log.error(error);
      }
    };
    try {
      const timed = await service.read(image, options);
      told(() => watcher.read(timed, requestId));
      log.info(summaryOf(timed, requestId), 'read');
      return timed;
    } catch (error) {
      const { code } = toProblem(error);
      told(() => watcher.failed(code));
      log.info({ reqId: requestId, code }, 'not read');
      throw error;
    }
  });
}

/** What the log says of a reading: neither its text nor anything of its picture but its size. */
function summaryOf({ reading, timing, measurement }: TimedReading, reqId: string) {
  const { model, kind, confidence, lines, width, height } = reading;
  return {
    reqId,
    model,
    decoder: measurement?.decoder,
    kind,
    width,
    height,
    lines: lines.length,
    characters: lines.reduce((sum, line) => sum + line.characters.length, 0),
    confidence: thousandths(confidence),
    queueMs: thousandths(timing.queueMs),
    decodeMs: thousandths(timing.decodeMs),
    computeMs: thousandths(timing.computeMs),
    batch: timing.batchSize,
  };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
