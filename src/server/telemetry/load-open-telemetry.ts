import type * as api from '@opentelemetry/api';
import type * as core from '@opentelemetry/core';
import type * as metricsExporter from '@opentelemetry/exporter-metrics-otlp-http';
import type * as traceExporter from '@opentelemetry/exporter-trace-otlp-http';
import type * as resources from '@opentelemetry/resources';
import type * as metrics from '@opentelemetry/sdk-metrics';
import type * as trace from '@opentelemetry/sdk-trace-base';
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

export interface OpenTelemetry {
  readonly api: typeof api;
  readonly core: typeof core;
  readonly resources: typeof resources;
  readonly trace: typeof trace;
  readonly metrics: typeof metrics;
  readonly traceExporter: typeof traceExporter;
  readonly metricsExporter: typeof metricsExporter;
}

/** Packages of their own, as few need them; throws PACKAGE_MISSING. */
export async function loadOpenTelemetry(): Promise<OpenTelemetry> {
  return await optionalPackage('OpenTelemetry traces and metrics', openTelemetryPackages.join(' '), loadAll);
}

async function loadAll(): Promise<OpenTelemetry> {
  const packages = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  const [apiPackage, corePackage, resourcesPackage, tracePackage, metricsPackage, ...exporters] = packages;
  return {
    api: apiPackage,
    core: corePackage,
    resources: resourcesPackage,
    trace: tracePackage,
    metrics: metricsPackage,
    traceExporter: exporters[0],
    metricsExporter: exporters[1],
  };
}
