import type { TimedReading } from '../reading-service.ts';

/** Is told of everything that a service reads and answers. */
export interface ReadingWatcher {
  /** An image was read, for the request of that id. */
  read(timed: TimedReading, requestId: string): void;
  /** An image was not read, for a reason that has a code. */
  failed(code: string): void;
  /** A request was answered; `route` is its pattern, never its address. */
  answered(route: string, status: number, seconds: number): void;
}
