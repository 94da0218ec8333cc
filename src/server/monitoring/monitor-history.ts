import type { DashboardAnswer, ModelHistory, Series } from './dashboard-answer.ts';
import type { AlarmEvent, DriftReport, DriftSignal, ExpectedErrors } from './drift-report.ts';
import { LatencyCounts } from './latency-counts.ts';
import type { Measurement } from './measurement.ts';

const SLOT_SECONDS = 60;
/** Six hours; Prometheus keeps more. */
const MOST_SLOTS = 360;
const MOST_ALARMS = 50;
/** The routes that read. */
const READS = '/v1/predict';

interface ModelSlot {
  readings: number;
  confident: number;
  confidence: number;
  /** How the model compared when the slot ended. */
  drift?: ReadonlyMap<DriftSignal, number>;
  expectedErrors?: ExpectedErrors;
}

interface Slot {
  requests: number;
  refused: number;
  failed: number;
  readonly latency: LatencyCounts;
  readonly models: Map<string, ModelSlot>;
}

/** The last six hours of a service by the minute, in bounded memory, for its dashboard. */
export class MonitorHistory {
  readonly #reports: () => readonly DriftReport[];
  readonly #now: () => number;
  readonly #slots = new Map<number, Slot>();
  readonly #alarms = new Map<string, AlarmEvent>();
  #current = -1;

  /** `reports` is asked at the end of each slot; `now` gives milliseconds since 1970. */
  constructor(reports: () => readonly DriftReport[], now: () => number = Date.now) {
    this.#reports = reports;
    this.#now = now;
  }

  answered(route: string, status: number, seconds: number): void {
    if (!route.startsWith(READS)) return;
    const slot = this.#slot();
    slot.requests++;
    if (status >= 500) slot.failed++;
    else if (status >= 400) slot.refused++;
    slot.latency.add(seconds);
  }

  /** To be told of before the reading is compared, so that a slot ends as its own requests left it. */
  read({ model, values }: Measurement): void {
    const { models } = this.#slot();
    const of = models.get(model) ?? { readings: 0, confident: 0, confidence: 0 };
    models.set(model, of);
    of.readings++;
    if (values.confidence === undefined) return;
    of.confident++;
    of.confidence += values.confidence;
  }

  /** An alarm began, became more severe, or ended. */
  alarmed(alarm: AlarmEvent): void {
    this.#alarms.delete(alarm.id);
    this.#alarms.set(alarm.id, alarm);
    const [oldest] = this.#alarms.keys();
    if (this.#alarms.size > MOST_ALARMS) this.#alarms.delete(oldest);
  }

  /** Of the whole service. */
  answer(): Omit<DashboardAnswer, 'models'> {
    const slots = this.#range();
    const series = (valueOf: (slot: Slot) => number | null): Series => slots.map((slot) => (slot ? valueOf(slot) : 0));
    const quantile = (share: number): Series => slots.map((slot) => slot?.latency.quantile(share) ?? null);
    const first = this.#current - slots.length + 1;
    return {
      times: slots.map((_, i) => (first + i) * SLOT_SECONDS),
      slotSeconds: SLOT_SECONDS,
      requests: series((slot) => slot.requests),
      refused: series((slot) => slot.refused),
      failed: series((slot) => slot.failed),
      median: quantile(0.5),
      p95: quantile(0.95),
      alarms: [...this.#alarms.values()].toReversed(),
    };
  }

  /** Of one model. */
  modelAnswer({ model, signals }: DriftReport): ModelHistory {
    const slots = this.#range().map((slot) => slot?.models.get(model));
    const errors = (name: 'rate' | 'low' | 'high'): Series =>
      slots.map((slot) => rounded(slot?.expectedErrors?.[name]) ?? null);
    return {
      readings: slots.map((slot) => slot?.readings ?? 0),
      confidence: slots.map((slot) => (slot?.confident ? rounded(slot.confidence / slot.confident)! : null)),
      expectedErrors: { rate: errors('rate'), low: errors('low'), high: errors('high') },
      drift: Object.fromEntries(
        signals.map(({ signal }) => [signal, slots.map((slot) => rounded(slot?.drift?.get(signal)) ?? null)]),
      ),
    };
  }

  /** Notes how models compare now. */
  compared(reports: readonly DriftReport[]): void {
    note(this.#slot(), reports);
  }

  /** Every slot from the first that is kept until now; those without requests are undefined. */
  #range(): (Slot | undefined)[] {
    this.#slot();
    const first = Math.min(...this.#slots.keys());
    return Array.from({ length: this.#current - first + 1 }, (_, i) => this.#slots.get(first + i));
  }

  #slot(): Slot {
    const now = Math.floor(this.#now() / 1000 / SLOT_SECONDS);
    const slot = this.#slots.get(this.#current);
    // A clock that is set back must not end slots twice.
    if (slot !== undefined && now <= this.#current) return slot;
    if (slot !== undefined && slot.models.size > 0) note(slot, this.#reports());
    this.#current = now;
    for (const place of this.#slots.keys()) if (place <= now - MOST_SLOTS) this.#slots.delete(place);
    const next = { requests: 0, refused: 0, failed: 0, latency: new LatencyCounts(), models: new Map() };
    this.#slots.set(now, next);
    return next;
  }
}

/** How models that had requests in the slot compare. */
function note({ models }: Slot, reports: readonly DriftReport[]): void {
  for (const { model, signals, expectedErrors } of reports) {
    const slot = models.get(model);
    if (slot === undefined) continue;
    slot.drift = new Map(signals.map(({ signal, value, threshold }) => [signal, ratio(value, threshold)]));
    slot.expectedErrors = expectedErrors;
  }
}

/** A threshold of 0 is that of a signal which never differed. */
function ratio(value: number, threshold: number): number {
  return threshold === 0 ? (value > 0 ? 10 : 0) : value / threshold;
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10_000) / 10_000;
}
