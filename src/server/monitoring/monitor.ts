import type { Registry, OpenMetricsContentType } from 'prom-client';
import type { TimedReading } from '../reading-service.ts';
import { ReadingMetrics } from './reading-metrics.ts';
import type { ReadingWatcher } from './reading-watcher.ts';

/** Watches what a service reads: it keeps counts and distributions, neither pictures nor texts. */
export class Monitor implements ReadingWatcher {
  readonly #metrics: ReadingMetrics;

  /** `waiting` says how many images wait. */
  constructor({ waiting }: { readonly waiting: () => number }) {
    this.#metrics = new ReadingMetrics(waiting);
  }

  /** What `/metrics` serves. */
  get registry(): Registry<OpenMetricsContentType> {
    return this.#metrics.registry;
  }

  read({ measurement, timing }: TimedReading): void {
    if (measurement !== undefined) this.#metrics.read(measurement, timing);
  }

  failed(code: string): void {
    this.#metrics.failed(code);
  }

  answered(route: string, status: number, seconds: number): void {
    this.#metrics.answered(route, status, seconds);
  }
}
