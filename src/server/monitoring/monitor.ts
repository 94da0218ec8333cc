import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { OpenMetricsContentType, Registry } from 'prom-client';
import type { ReaderManifest } from '../../models/model-manifest.ts';
import type { TimedReading } from '../reading-service.ts';
import { ReferenceCollector } from './collect-reference.ts';
import type { DashboardAnswer } from './dashboard-answer.ts';
import { distributionsOf } from './distributions-of.ts';
import { DriftDetector } from './drift-detector.ts';
import { DriftMetrics } from './drift-metrics.ts';
import type { AlarmEvent, DriftReport } from './drift-report.ts';
import type { Measurement } from './measurement.ts';
import { MonitorHistory } from './monitor-history.ts';
import { resumeState, writeState } from './monitor-state.ts';
import { findReference, ownReference } from './read-reference.ts';
import { ReadingMetrics } from './reading-metrics.ts';
import type { ReadingWatcher } from './reading-watcher.ts';
import type { Reference } from './reference.ts';
import { SharedWindows } from './shared-windows.ts';
import type { Sketch } from './sketch.ts';

/** Is told when an alarm begins, when it becomes more severe, and when it ends. */
export type AlarmListener = (alarm: AlarmEvent) => void;

export interface MonitorOptions {
  /** How many images wait. */
  readonly waiting: () => number;
  /** Requests between two false alarms of a model; default 250,000. */
  readonly expectedRunTime?: number;
  /** Keeps the statistics over a restart, and references of one's own requests; by default nothing is kept. */
  readonly folder?: string;
  /** Where the instances of a service share what they compare; `Monitor` closes it. By default each compares what it reads itself. */
  readonly redis?: Redis;
  /** Makes the reference of a model that has none in `folder` of so many of its first requests. */
  readonly referenceRequests?: number;
  /** Now, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Is told what goes wrong beside the service, which goes on. */
  readonly warn?: (message: string) => void;
}

/** A model that is watched: what it was asked for by (a name or a folder), and its manifest. */
export interface WatchedModel {
  readonly source: string;
  readonly manifest: Pick<ReaderManifest, 'name' | 'file'>;
}

const DEFAULT_RUN_TIME = 250_000;

/** A crash loses at most what was read since it was last written. */
const WRITE_MS = 5000;
const SHARE_MS = 1000;

/**
 * Watches what a service reads: counts it for Prometheus, compares it with each model's reference, and raises alarms. It keeps counts
 * and distributions, neither pictures nor texts. Whoever sends alarms on listens with `onAlarm`; whoever shows them asks for `reports`.
 */
export class Monitor implements ReadingWatcher {
  readonly #metrics: ReadingMetrics;
  readonly #drift: DriftMetrics;
  readonly #history: MonitorHistory;
  readonly #detectors = new Map<string, DriftDetector>();
  readonly #shared = new Map<string, SharedWindows>();
  readonly #collectors = new Map<string, ReferenceCollector>();
  /** Why models are not compared. */
  readonly #unavailable = new Map<string, string>();
  readonly #listeners = new Set<AlarmListener>();
  readonly #options: MonitorOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #making: Promise<void> | undefined;
  #isWritten = true;

  private constructor(options: MonitorOptions) {
    this.#options = options;
    this.#metrics = new ReadingMetrics(options.waiting);
    this.#history = new MonitorHistory(() => this.reports(), options.now);
    this.#drift = new DriftMetrics(this.registry, () => this.reports());
  }

  /** Reads the references of the models, and the statistics that were kept; throws FILE_CORRUPT or CHECKSUM_MISMATCH. */
  static async start(models: readonly WatchedModel[], options: MonitorOptions): Promise<Monitor> {
    const monitor = new Monitor(options);
    for (const { source, manifest } of models) {
      const { reference, isOwn } = await findReference(source, manifest.name, options.folder);
      monitor.#watch(manifest, reference);
      if (!isOwn) monitor.#collect(manifest, reference);
    }
    if (options.folder !== undefined) {
      await resumeState(stateFile(options.folder), monitor.#detectors.values());
      monitor.#timers.push(setInterval(() => void monitor.#write(), WRITE_MS).unref());
    }
    if (options.redis !== undefined) {
      await monitor.#share();
      monitor.#timers.push(setInterval(() => void monitor.#share(), SHARE_MS).unref());
    }
    for (const { alarms } of monitor.reports()) for (const alarm of alarms) monitor.#history.alarmed(alarm);
    return monitor;
  }

  /** What `/metrics` serves. */
  get registry(): Registry<OpenMetricsContentType> {
    return this.#metrics.registry;
  }

  read({ measurement, timing }: TimedReading, requestId: string): void {
    if (measurement === undefined) return;
    this.#metrics.read(measurement, timing);
    this.#history.read(measurement);
    this.#collectInto(measurement);
    const alarm = this.#detectors.get(measurement.model)?.add(measurement, requestId);
    this.#isWritten = false;
    if (alarm !== undefined) this.#tell(alarm);
  }

  failed(code: string): void {
    this.#metrics.failed(code);
  }

  answered(route: string, status: number, seconds: number): void {
    this.#metrics.answered(route, status, seconds);
    this.#history.answered(route, status, seconds);
  }

  /** How each model's requests compare with its reference now. */
  reports(): readonly DriftReport[] {
    const expectedRunTime = this.#options.expectedRunTime ?? DEFAULT_RUN_TIME;
    const without = [...this.#unavailable].map(([model, unavailable]) => ({
      model,
      requests: 0,
      expectedRunTime,
      unavailable,
      signals: [],
      alarms: [],
    }));
    return [...[...this.#detectors.values()].map((detector) => detector.report()), ...without];
  }

  /** What the dashboard shows. */
  dashboard(): DashboardAnswer {
    const reports = this.reports();
    this.#history.compared(reports);
    const models = reports.map((report) => {
      const detector = this.#detectors.get(report.model);
      const window = detector?.window;
      const distributions = window === undefined ? {} : distributionsOf(detector!.reference.sketch, window);
      return { report, history: this.#history.modelAnswer(report), distributions };
    });
    return { ...this.#history.answer(), models };
  }

  /** Calls `listener` for every alarm from now on; the function that is returned ends that. */
  onAlarm(listener: AlarmListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps the statistics, where there is a folder for them. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#making;
    await Promise.all([...this.#shared.values()].map((shared) => shared.close()));
    this.#options.redis?.disconnect();
    await this.#write();
    this.#listeners.clear();
  }

  #watch({ name, file }: WatchedModel['manifest'], reference: Reference | undefined): void {
    if (reference === undefined) {
      this.#unavailable.set(name, 'there is no reference; `text-recognizer monitor reference` makes one');
    } else if (reference.modelSha256 !== file.sha256) {
      const reason = 'its reference is of other weights; make it again with `text-recognizer monitor reference`';
      this.#unavailable.set(name, reason);
      this.#options.warn?.(`The requests of ${name} are not compared: ${reason}.`);
    } else this.#detect(reference);
  }

  /** Compares the model's requests from now on. */
  #detect(reference: Reference): void {
    const { expectedRunTime = DEFAULT_RUN_TIME, now, redis, warn = () => {} } = this.#options;
    const { model } = reference;
    const publish = redis && ((block: Sketch) => void this.#shared.get(model)!.publish(block));
    const detector = new DriftDetector(reference, { expectedRunTime, now, publish });
    this.#detectors.set(model, detector);
    const tell = (alarm: AlarmEvent): void => this.#tell(alarm);
    if (redis) this.#shared.set(model, new SharedWindows({ redis, detector, tell, warn }));
  }

  async #share(): Promise<void> {
    await Promise.all([...this.#shared.values()].map((shared) => shared.poll()));
  }

  #tell(alarm: AlarmEvent): void {
    this.#history.alarmed(alarm);
    if (alarm.state === 'firing') this.#drift.began(alarm);
    for (const listener of this.#listeners) listener(alarm);
  }

  /** Its errors are judged as the reference that comes with the model does: one's own requests have no true texts. */
  #collect({ name, file }: WatchedModel['manifest'], bundled: Reference | undefined): void {
    const { folder, referenceRequests: requests } = this.#options;
    if (folder === undefined || requests === undefined) return;
    const errors = bundled?.modelSha256 === file.sha256 ? bundled.errors : undefined;
    const path = join(folder, ownReference(name));
    const description = `the first ${requests} requests of a service`;
    this.#collectors.set(
      name,
      new ReferenceCollector({ requests, path, modelSha256: file.sha256, description, errors }),
    );
  }

  #collectInto(measurement: Measurement): void {
    const { model } = measurement;
    const making = this.#collectors.get(model)?.add(measurement);
    if (making === undefined) return;
    this.#collectors.delete(model);
    const { warn } = this.#options;
    this.#making = making.then(
      (reference) => {
        this.#unavailable.delete(model);
        this.#detect(reference);
      },
      (error: Error) => warn?.(`No reference was made of the first requests of ${model}: ${error.message}`),
    );
  }

  /** A full disk must not end the service; what could not be written is tried again. */
  async #write(): Promise<void> {
    const { folder, warn } = this.#options;
    if (folder === undefined || this.#isWritten) return;
    this.#isWritten = true;
    try {
      await writeState(stateFile(folder), this.#detectors.values());
    } catch (error) {
      this.#isWritten = false;
      warn?.(`The statistics of the monitoring are not kept: ${(error as Error).message}`);
    }
  }
}

function stateFile(folder: string): string {
  return join(folder, 'state.json');
}
