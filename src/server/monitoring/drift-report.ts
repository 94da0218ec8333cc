import type { SignalName } from './signals.ts';

/** What is compared with the reference: every signal, the characters, the embedding, and the expected error rate. */
export type DriftSignal = SignalName | 'characters' | 'embedding' | 'expected-errors';

/** What a signal's distribution is compared by; each file beside this one says which formula. */
export type StatisticName =
  | 'kolmogorov-smirnov'
  | 'population-stability-index'
  | 'wasserstein'
  | 'jensen-shannon'
  | 'chi-square'
  | 'maximum-mean-discrepancy'
  | 'rise';

/** What changed, as far as the signals tell. */
export const driftCauses = [
  'inverted',
  'blurred',
  'rotated',
  'low-resolution',
  'other-script',
  'other-language',
  'other-writers',
  'new-device',
  'empty',
  'unknown',
] as const;
export type DriftCause = (typeof driftCauses)[number];

/** How one signal differs from its reference in a window of the latest requests. */
export interface SignalDrift {
  readonly signal: DriftSignal;
  /** Requests in the window. */
  readonly window: number;
  /** The statistic that decides, and where it alarms; both in the statistic's own unit. */
  readonly statistic: StatisticName;
  readonly value: number;
  readonly threshold: number;
  /** The other statistics of the same two distributions, which do not decide. */
  readonly statistics?: { readonly [name in StatisticName]?: number };
  /** Mean of the reference and of the window, in the signal's unit, where it has one. */
  readonly referenceMean?: number;
  readonly mean?: number;
}

/** The character error rate that the readings of a window are expected to have, 0 to 1, without knowing their true texts. */
export interface ExpectedErrors {
  readonly window: number;
  readonly rate: number;
  /** The true rate is between them in 95 of 100 windows. */
  readonly low: number;
  readonly high: number;
  readonly referenceRate: number;
}

/** `critical` where the reading suffers (its expected errors rise, or nothing is read), otherwise `warning`. */
export type AlarmSeverity = 'warning' | 'critical';

/**
 * One alarm, from its beginning to its end. The same object is sent when it begins (`firing`) and, under the same id, when it ends
 * (`resolved`); it has neither texts nor pictures, only ids of requests.
 */
export interface AlarmEvent {
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  readonly model: string;
  readonly severity: AlarmSeverity;
  readonly cause: DriftCause;
  /** What differs, furthest beyond its threshold first. */
  readonly evidence: readonly SignalDrift[];
  readonly expectedErrors?: ExpectedErrors;
  /** Of requests in the window that differ most. */
  readonly requestIds: readonly string[];
  /** How many requests the model had read when the alarm began. */
  readonly request: number;
  /** ISO 8601, in UTC. */
  readonly startsAt: string;
  readonly endsAt?: string;
}

/** How the requests of one model compare with its reference now. */
export interface DriftReport {
  readonly model: string;
  /** Requests that were read since the statistics began. */
  readonly requests: number;
  /** Requests between two false alarms, as the operator wants it. */
  readonly expectedRunTime: number;
  /** Why there is no comparison, where there is none. */
  readonly unavailable?: string;
  readonly signals: readonly SignalDrift[];
  readonly expectedErrors?: ExpectedErrors;
  /** Alarms that have not ended. */
  readonly alarms: readonly AlarmEvent[];
}
