import { expect, test } from 'vitest';
import { telemetrySignals } from './telemetry-signals.ts';

const endpoint = 'http://localhost:4318';

test('traces and metrics are sent where an endpoint is set for them', () => {
  expect(telemetrySignals({})).toBeUndefined();
  expect(telemetrySignals({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ', OTEL_SERVICE_NAME: 'reader' })).toBeUndefined();
  expect(telemetrySignals({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual({ traces: true, metrics: true });
  expect(telemetrySignals({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint })).toEqual({ traces: true, metrics: false });
  expect(telemetrySignals({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint })).toEqual({ traces: false, metrics: true });
  const without = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'none' };
  expect(telemetrySignals(without)).toEqual({ traces: false, metrics: true });
  expect(telemetrySignals({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
});

test('an endpoint that is no address, and gRPC, are refused by the name of their variable', () => {
  expect(() => telemetrySignals({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow(
    "OTEL_EXPORTER_OTLP_ENDPOINT is 'collector:4318'. It must be an address that begins with http:// or https://.",
  );
  const grpc = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  expect(() => telemetrySignals(grpc)).toThrow(/^OTEL_EXPORTER_OTLP_PROTOCOL is grpc/);
});
