import { compareWindow, describeDrift, expectedErrorsOf, type Thresholds, thresholdsOf } from './compare-window.ts';
import type { AlarmEvent, AlarmSeverity, DriftReport, SignalDrift } from './drift-report.ts';
import { guessCause } from './guess-cause.ts';
import type { Measurement } from './measurement.ts';
import { RecentRequests } from './recent-requests.ts';
import type { Reference } from './reference.ts';
import { Sketch, type SketchData } from './sketch.ts';

/** Requests without a signal beyond its threshold after which an alarm ends. */
const QUIET = 250;
const MOST_IDS = 5;

export interface DetectorOptions {
  /** Requests between two false alarms. */
  readonly expectedRunTime: number;
  /** Now, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Is given each block of requests instead of the windows here; whoever shares it calls `take` or `follow`. */
  readonly publish?: (block: Sketch) => void;
}

/** What a detector has found so far, without what it has seen. */
export interface Standing {
  readonly alarm?: AlarmEvent;
  /** Requests since a signal was beyond its threshold. */
  readonly sinceDrift: number;
}

/** A detector as it is kept over a restart. */
export interface DetectorData extends Standing {
  readonly requests: number;
  readonly blocks: readonly SketchData[];
  readonly current: SketchData;
}

/**
 * Compares the latest requests of one model with its reference, online: after every few requests, each window of them in each signal.
 * It keeps sketches of blocks of requests, so that its memory does not grow, and no request but the numbers of the last hundred.
 */
export class DriftDetector {
  readonly reference: Reference;
  readonly #options: DetectorOptions & Required<Pick<DetectorOptions, 'now'>>;
  readonly #thresholds: Thresholds;
  readonly #recent = new RecentRequests();
  readonly #windows: readonly { readonly size: number; sum: Sketch }[];
  #blocks: Sketch[] = [];
  #current = new Sketch();
  #requests = 0;
  /** Requests since a signal was beyond its threshold. */
  #sinceDrift = Infinity;
  #alarm: AlarmEvent | undefined;

  constructor(reference: Reference, { expectedRunTime, now = Date.now, publish }: DetectorOptions) {
    this.reference = reference;
    this.#options = { expectedRunTime, now, publish };
    this.#thresholds = thresholdsOf(reference, expectedRunTime);
    this.#windows = reference.windows.map((size) => ({ size: size / reference.every, sum: new Sketch() }));
  }

  /** Takes a request in; returns an alarm that begins, becomes more severe, or ends with it. */
  add(measurement: Measurement, requestId: string): AlarmEvent | undefined {
    this.#current.add(measurement, this.reference.scale);
    this.#recent.add(measurement, requestId);
    if (this.#current.count < this.reference.every) return undefined;
    const block = this.#current;
    this.#current = new Sketch();
    const { publish } = this.#options;
    if (publish === undefined) return this.take(block);
    publish(block);
    return undefined;
  }

  /** Takes a block of requests into the windows; returns an alarm that begins, becomes more severe, or ends with it. */
  take(block: Sketch): AlarmEvent | undefined {
    this.follow(block);
    return this.#judge();
  }

  /** Takes a block of requests into the windows that another detector judges. */
  follow(block: Sketch): void {
    this.#requests += block.count;
    this.#push(block);
  }

  /** Replaces the windows by those of shared blocks. */
  replace(blocks: readonly Sketch[]): void {
    this.#requests = 0;
    this.#clear();
    for (const block of blocks) this.follow(block);
  }

  get standing(): Standing {
    return {
      sinceDrift: Math.min(this.#sinceDrift, Number.MAX_SAFE_INTEGER),
      ...(this.#alarm && { alarm: this.#alarm }),
    };
  }

  /** Goes on from what another detector of the same requests has found. */
  adopt({ alarm, sinceDrift }: Standing): void {
    if (this.#alarm && alarm === undefined) this.#clear();
    this.#alarm = alarm;
    this.#sinceDrift = sinceDrift;
  }

  /** The largest window that is full. */
  get window(): Sketch | undefined {
    return this.#full().at(-1)?.sum;
  }

  /** How the largest window that is full compares now. */
  report(): DriftReport {
    const { reference } = this;
    const last = this.#full().at(-1);
    const report = {
      model: reference.model,
      requests: this.#requests + this.#current.count,
      expectedRunTime: this.#options.expectedRunTime,
      alarms: this.#alarm ? [this.#alarm] : [],
    };
    if (last === undefined) {
      return { ...report, signals: [], unavailable: `fewer than ${Math.min(...reference.windows)} requests so far` };
    }
    const drifts = compareWindow(reference, this.#thresholds, last.sum, last.place);
    return {
      ...report,
      signals: drifts.map((drift) => describeDrift(drift, reference, last.sum)),
      expectedErrors: expectedErrorsOf(reference, last.sum),
    };
  }

  toJSON(): DetectorData {
    return {
      requests: this.#requests + this.#current.count,
      blocks: this.#blocks.map((block) => block.toJSON()),
      current: this.#current.toJSON(),
      ...this.standing,
    };
  }

  /** Goes on where a detector of the same reference was. */
  resume({ requests, sinceDrift, blocks, current, alarm }: DetectorData): void {
    this.#requests = requests - current.count;
    this.#sinceDrift = sinceDrift;
    for (const block of blocks) this.#push(Sketch.from(block));
    this.#current = Sketch.from(current);
    this.#alarm = alarm;
  }

  /** Moves all windows on by a block. */
  #push(block: Sketch): void {
    this.#blocks.push(block);
    for (const { size, sum } of this.#windows) {
      sum.merge(block);
      if (this.#blocks.length > size) sum.merge(this.#blocks[this.#blocks.length - 1 - size], -1);
    }
    const most = Math.max(...this.#windows.map(({ size }) => size));
    if (this.#blocks.length > most) this.#blocks.shift();
  }

  /** The windows that are full, by their places among those of the reference. */
  #full(): { readonly place: number; readonly sum: Sketch }[] {
    return this.#windows.flatMap(({ size, sum }, place) => (this.#blocks.length < size ? [] : [{ place, sum }]));
  }

  #judge(): AlarmEvent | undefined {
    const { reference } = this;
    this.#sinceDrift += reference.every;
    const found = this.#full().flatMap(({ place, sum }) =>
      compareWindow(reference, this.#thresholds, sum, place)
        .filter(({ value, threshold }) => value > threshold)
        .map((drift) => ({ drift, sum })),
    );
    if (found.length === 0) return this.#alarm && this.#sinceDrift >= QUIET ? this.#end(this.#alarm) : undefined;
    this.#sinceDrift = 0;
    const sorted = found.toSorted((a, b) => excess(b.drift) - excess(a.drift));
    const window = sorted[0].sum;
    const evidence = sorted.map(({ drift, sum }) => describeDrift(drift, reference, sum));
    const severity = severityOf(evidence);
    if (this.#alarm && (this.#alarm.severity === 'critical' || severity === 'warning')) return undefined;
    this.#alarm = this.#begin(evidence, severity, window);
    return this.#alarm;
  }

  #begin(evidence: readonly SignalDrift[], severity: AlarmSeverity, window: Sketch): AlarmEvent {
    const at = new Date(this.#options.now()).toISOString();
    const { model } = this.reference;
    return {
      id: this.#alarm?.id ?? `${model}-${this.#requests}-${at.replaceAll(/[:.]/g, '')}`,
      state: 'firing',
      model,
      severity,
      cause: guessCause(evidence),
      evidence,
      expectedErrors: expectedErrorsOf(this.reference, window),
      requestIds: this.#recent.mostUnlike(evidence[0], MOST_IDS),
      request: this.#alarm?.request ?? this.#requests,
      startsAt: this.#alarm?.startsAt ?? at,
    };
  }

  #clear(): void {
    this.#blocks = [];
    for (const window of this.#windows) window.sum = new Sketch();
  }

  /** A larger window that fills later must not find the requests of this alarm again. */
  #end(alarm: AlarmEvent): AlarmEvent {
    this.#alarm = undefined;
    this.#clear();
    return { ...alarm, state: 'resolved', endsAt: new Date(this.#options.now()).toISOString() };
  }
}

/** How many times as large as its threshold a value is. */
function excess({ value, threshold }: SignalDrift): number {
  return value / threshold;
}

/** Whether the reading suffers: more errors are expected, or much less is read. */
function severityOf(evidence: readonly SignalDrift[]): AlarmSeverity {
  const suffers = evidence.some(
    ({ signal, mean = 0, referenceMean = 0 }) =>
      signal === 'expected-errors' || (signal === 'length' && mean < referenceMean / 2),
  );
  return suffers ? 'critical' : 'warning';
}
