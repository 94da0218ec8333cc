import { setImmediate } from 'node:timers/promises';
import type { OpenMetricsContentType, Registry } from 'prom-client';
import { TextRecognizerError } from '../../errors.ts';
import type { TelemetrySignals } from '../../options/telemetry-signals.ts';
import { variable } from '../../options/variables.ts';
import { loadOpenTelemetry, type OpenTelemetry } from './load-open-telemetry.ts';
import { PrometheusProducer } from './prometheus-producer.ts';
import type { RequestTracing } from './request-tracing.ts';
import { RequestTraces } from './request-traces.ts';

export interface TelemetryOptions {
  /** Of the service. */
  readonly version: string;
  /** What is counted; without it no metrics are sent. */
  readonly registry?: Registry<OpenMetricsContentType>;
  /** Is told, once in a while, that the collector does not take what is sent. */
  readonly warn: (message: string) => void;
}

/** One that can be shut down, as OpenTelemetry's providers can. */
interface Provider {
  shutdown(): Promise<void>;
}

/** Attempts to send end after this time, and so does closing: shorter than OpenTelemetry's 10 s, which would delay a stop. */
const TIMEOUT_MS = 3000;
const WARN_AGAIN_MS = 600_000;

/**
 * Sends traces and metrics to an OpenTelemetry collector, as JSON over HTTP. Where it is, and how often it is told, is in OpenTelemetry's
 * standard variables. What it does not take is dropped: it never holds up the service.
 */
export class Telemetry {
  /** Where traces are wanted. */
  readonly tracing: RequestTracing | undefined;
  readonly #providers: readonly Provider[];

  private constructor(providers: readonly Provider[], tracing: RequestTracing | undefined) {
    this.#providers = providers;
    this.tracing = tracing;
  }

  /** Throws PACKAGE_MISSING, or INVALID_ARGUMENT for a variable. */
  static async start(signals: TelemetrySignals, options: TelemetryOptions): Promise<Telemetry> {
    const interval = metricInterval();
    const packages = await loadOpenTelemetry();
    const { core, trace, metrics, traceExporter, metricsExporter } = packages;
    core.setGlobalErrorHandler(warnSometimes(options.warn));
    const resource = resourceOf(packages, options.version);
    const providers: Provider[] = [];
    let tracing: RequestTracing | undefined;
    if (signals.traces) {
      const exporter = new traceExporter.OTLPTraceExporter(timeoutOf('TRACES'));
      const spanProcessors = [new trace.BatchSpanProcessor(exporter)];
      const provider = new trace.BasicTracerProvider({ resource, spanProcessors });
      providers.push(provider);
      tracing = new RequestTraces(packages, provider.getTracer('text-recognizer', options.version));
    }
    if (signals.metrics && options.registry !== undefined) {
      const reader = new metrics.PeriodicExportingMetricReader({
        exporter: new metricsExporter.OTLPMetricExporter(timeoutOf('METRICS')),
        metricProducers: [new PrometheusProducer(packages, options.registry, options.version)],
        exportIntervalMillis: interval,
      });
      providers.push(new metrics.MeterProvider({ resource, readers: [reader] }));
    }
    return new Telemetry(providers, tracing);
  }

  /** Sends what is left, unless that takes too long. */
  async close(): Promise<void> {
    // Spans of connections that broke off as the service closed end behind the server's own close.
    await setImmediate();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, TIMEOUT_MS)));
    await Promise.race([late, Promise.allSettled(this.#providers.map((provider) => provider.shutdown()))]);
    clearTimeout(timer);
  }
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` override what the service says of itself. */
function resourceOf({ resources }: OpenTelemetry, version: string) {
  const { defaultResource, detectResources, envDetector, resourceFromAttributes, serviceInstanceIdDetector } =
    resources;
  const own = resourceFromAttributes({ 'service.name': 'text-recognizer', 'service.version': version });
  const detected = detectResources({ detectors: [serviceInstanceIdDetector, envDetector] });
  return defaultResource().merge(own).merge(detected);
}

/** Nothing where a variable says it, which OpenTelemetry reads. */
function timeoutOf(signal: 'TRACES' | 'METRICS'): { timeoutMillis?: number } {
  const names = [`OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`, 'OTEL_EXPORTER_OTLP_TIMEOUT'];
  return names.some((name) => variable(name, process.env) !== undefined) ? {} : { timeoutMillis: TIMEOUT_MS };
}

function metricInterval(): number {
  const text = variable('OTEL_METRIC_EXPORT_INTERVAL', process.env) ?? '60000';
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `OTEL_METRIC_EXPORT_INTERVAL is '${text}'. It must be a whole number of milliseconds from 1 on.`,
  );
}

function warnSometimes(warn: (message: string) => void): (error: unknown) => void {
  let next = -Infinity;
  return (error) => {
    if (performance.now() < next) return;
    next = performance.now() + WARN_AGAIN_MS;
    const reason = error instanceof Error ? error.message : String(error);
    warn(`The OpenTelemetry collector does not take what is sent: ${reason}`);
  };
}
