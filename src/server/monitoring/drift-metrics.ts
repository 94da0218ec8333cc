import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { AlarmEvent, DriftReport } from './drift-report.ts';
import { PREFIX } from './reading-metrics.ts';

type Labels = Readonly<Record<string, string>>;
type Series = readonly [labels: Labels, value: number];

/** Tells Prometheus how requests compare with their references: each value beside its threshold, and the alarms. */
export class DriftMetrics {
  readonly #registry: Registry<OpenMetricsContentType>;
  readonly #reports: () => readonly DriftReport[];
  readonly #alarms: Counter<'model' | 'severity' | 'cause'>;

  /** `reports` is asked whenever Prometheus asks. */
  constructor(registry: Registry<OpenMetricsContentType>, reports: () => readonly DriftReport[]) {
    this.#registry = registry;
    this.#reports = reports;
    const ofSignal = ['model', 'signal', 'statistic'];
    this.#gauge('drift_value', 'How far the latest requests are from the reference', ofSignal, (report) =>
      report.signals.map(({ signal, statistic, value }) => [{ model: report.model, signal, statistic }, value]),
    );
    this.#gauge('drift_threshold', 'The value beyond which a signal alarms', ofSignal, (report) =>
      report.signals.map(({ signal, statistic, threshold }) => [{ model: report.model, signal, statistic }, threshold]),
    );
    this.#gauge(
      'expected_error_ratio',
      'Character error rate that readings are expected to have, and the ends of its 95 % interval',
      ['model', 'bound'],
      errorSeries,
    );
    this.#gauge('drift_alarm_firing', '1 while an alarm has not ended', ['model', 'severity', 'cause'], (report) =>
      report.alarms.map(({ model, severity, cause }) => [{ model, severity, cause }, 1]),
    );
    this.#alarms = new Counter({
      name: `${PREFIX}drift_alarms_total`,
      help: 'Alarms that have begun',
      labelNames: ['model', 'severity', 'cause'],
      registers: [registry],
    });
  }

  /** An alarm has begun. */
  began({ model, severity, cause }: AlarmEvent): void {
    this.#alarms.inc({ model, severity, cause });
  }

  #gauge(name: string, help: string, labelNames: string[], seriesOf: (report: DriftReport) => readonly Series[]): void {
    const reports = this.#reports;
    void new Gauge({
      name: `${PREFIX}${name}`,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [labels, value] of reports().flatMap(seriesOf)) this.set(labels, value);
      },
    });
  }
}

function errorSeries({ model, expectedErrors }: DriftReport): readonly Series[] {
  if (expectedErrors === undefined) return [];
  const { rate, low, high, referenceRate } = expectedErrors;
  return [
    [{ model, bound: 'expected' }, rate],
    [{ model, bound: 'low' }, low],
    [{ model, bound: 'high' }, high],
    [{ model, bound: 'reference' }, referenceRate],
  ];
}
