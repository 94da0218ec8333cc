import type { AlarmEvent, DriftReport, DriftSignal } from './drift-report.ts';
import type { SignalName } from './signals.ts';

/** A value for each time; null where nothing was measured then. */
export type Series = readonly (number | null)[];

/** What the dashboard of a running service shows: counts and distributions, neither pictures nor texts nor addresses. */
export interface DashboardAnswer {
  /** Where each slot of time begins, in seconds since 1970; the last one goes on. */
  readonly times: readonly number[];
  readonly slotSeconds: number;
  /** Requests to read; those that were refused (4xx), and those that failed (5xx). */
  readonly requests: Series;
  readonly refused: Series;
  readonly failed: Series;
  /** From arrival to answer, in seconds. */
  readonly median: Series;
  readonly p95: Series;
  readonly models: readonly ModelAnswer[];
  /** Alarms since the service started and those that it resumed, latest first. */
  readonly alarms: readonly AlarmEvent[];
}

export interface ModelAnswer {
  readonly report: DriftReport;
  readonly history: ModelHistory;
  readonly distributions: { readonly [signal in SignalName]?: Distributions };
}

/** A model by the slots of time. */
export interface ModelHistory {
  readonly readings: Series;
  /** Mean of the readings. */
  readonly confidence: Series;
  readonly expectedErrors: { readonly rate: Series; readonly low: Series; readonly high: Series };
  /** Each value of drift by its threshold: an alarm begins above 1. */
  readonly drift: { readonly [signal in DriftSignal]?: Series };
}

/** Shares of the requests in each bin of a signal. */
export interface Distributions {
  readonly unit: string;
  /** The value in the middle of each bin. */
  readonly middles: readonly number[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}
