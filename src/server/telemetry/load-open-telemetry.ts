import { optionalPackage } from '../../files/optional-package.ts';

/** The versions that the tests run with; OpenTelemetry's next major versions need Node 22. */
export const openTelemetryPackages = [
  '@opentelemetry/api@1.9.1',
  '@opentelemetry/core@2.12.0',
  '@opentelemetry/resources@2.12.0',
  '@opentelemetry/sdk-trace-base@2.12.0',
  '@opentelemetry/sdk-metrics@2.12.0',
  '@opentelemetry/exporter-trace-otlp-http@0.223.0',
  '@opentelemetry/exporter-metrics-otlp-http@0.223.0',
] as const;

export type OpenTelemetry = Awaited<ReturnType<typeof loadAll>>;

/** Packages of their own, as few need them; throws PACKAGE_MISSING. */
export async function loadOpenTelemetry(): Promise<OpenTelemetry> {
  return await optionalPackage('OpenTelemetry traces and metrics', openTelemetryPackages.join(' '), loadAll);
}

async function loadAll() {
  const [api, core, resources, trace, metrics, traceExporter, metricsExporter] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  return { api, core, resources, trace, metrics, traceExporter, metricsExporter };
}
