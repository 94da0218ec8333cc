import { toProblem } from '../http/problem.ts';
import { type ReadingService, readingThrough } from '../reading-service.ts';

/** A service whose readings are told to the span of their request, which does not go on to the threads. */
export function tracedService(service: ReadingService): ReadingService {
  return readingThrough(service, async (image, { span, ...options } = {}) => {
    const start = performance.now();
    try {
      const timed = await service.read(image, options);
      span?.read(start, timed);
      return timed;
    } catch (error) {
      span?.failed(start, toProblem(error).code);
      throw error;
    }
  });
}
