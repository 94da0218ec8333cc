import type { HrTime } from '@opentelemetry/api';
import type { CollectionResult, DataPoint, Histogram, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { OpenMetricsContentType, Registry } from 'prom-client';
import type { OpenTelemetry } from './load-open-telemetry.ts';

/** What prom-client gives as JSON; its own types are wrong about `type`. */
interface PrometheusMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: readonly PrometheusValue[];
}

interface PrometheusValue {
  readonly value: number;
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
}

/** Units as OpenTelemetry writes them (UCUM), by the end of a metric's name. */
const units: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By', ratio: '1', degrees: 'deg' };

/** Gives OpenTelemetry what is counted for Prometheus, under the same names, so that nothing is counted twice. */
export class PrometheusProducer implements MetricProducer {
  readonly #packages: Pick<OpenTelemetry, 'api' | 'metrics' | 'resources'>;
  readonly #registry: Registry<OpenMetricsContentType>;
  readonly #version: string;
  readonly #startTime = now();

  constructor(packages: OpenTelemetry, registry: Registry<OpenMetricsContentType>, version: string) {
    this.#packages = packages;
    this.#registry = registry;
    this.#version = version;
  }

  async collect(): Promise<CollectionResult> {
    const all = (await this.#registry.getMetricsAsJSON()) as unknown as readonly PrometheusMetric[];
    const metrics = all.flatMap((metric) => this.#metric(metric) ?? []);
    const scope = { name: 'text-recognizer', version: this.#version };
    const resource = this.#packages.resources.emptyResource();
    return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics }] }, errors: [] };
  }

  /** `undefined` for one without values, and for summaries, which the service has none of. */
  #metric({ name, help, type, values }: PrometheusMetric): MetricData | undefined {
    const { AggregationTemporality, DataPointType } = this.#packages.metrics;
    const finite = values.filter(({ value }) => Number.isFinite(value));
    if (finite.length === 0 || type === 'summary') return undefined;
    const unit =
      units[
        name
          .replace(/_total$/, '')
          .split('_')
          .at(-1)!
      ] ?? '';
    const { DOUBLE: valueType } = this.#packages.api.ValueType;
    const descriptor = { name, description: help, unit, valueType };
    const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
    if (type === 'histogram') {
      return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: this.#histograms(name, finite) };
    }
    const dataPoints = finite.map(({ value, labels }) => this.#point(labels, value));
    return type === 'counter'
      ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
      : { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
  }

  #histograms(name: string, values: readonly PrometheusValue[]): DataPoint<Histogram>[] {
    const series = new Map<string, PrometheusValue[]>();
    for (const value of values) {
      const { le: _le, ...labels } = value.labels;
      const key = JSON.stringify(labels);
      series.set(key, [...(series.get(key) ?? []), value]);
    }
    return [...series].map(([labels, rows]) =>
      this.#point(JSON.parse(labels) as PrometheusValue['labels'], histogramOf(name, rows)),
    );
  }

  #point<Value>(attributes: PrometheusValue['labels'], value: Value): DataPoint<Value> {
    return { startTime: this.#startTime, endTime: now(), attributes, value };
  }
}

/** Counts of Prometheus are of all values up to a bound, those of OpenTelemetry of the values between two. */
function histogramOf(name: string, rows: readonly PrometheusValue[]): Histogram {
  const valueOf = (part: string) => rows.find(({ metricName }) => metricName === `${name}_${part}`)?.value ?? 0;
  const upTo = rows.filter(({ labels }) => typeof labels.le === 'number');
  const below = [...upTo.map(({ value }) => value), valueOf('count')];
  const counts = below.map((value, i) => value - (i === 0 ? 0 : below[i - 1]));
  const boundaries = upTo.map(({ labels }) => Number(labels.le));
  return { buckets: { boundaries, counts }, sum: valueOf('sum'), count: valueOf('count') };
}

function now(): HrTime {
  const ms = Date.now();
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}
