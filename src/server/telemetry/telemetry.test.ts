import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { serve, type Serving } from '../serve.ts';
import { formOf, sampleImage } from '../testing/run-server.ts';
import { openTelemetryPackages } from './load-open-telemetry.ts';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number>>;
}

/** What a test looks at in a span, as OTLP writes it in JSON. */
interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

interface OtlpPoint {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly number[];
}

interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly OtlpPoint[] };
  readonly histogram?: { readonly aggregationTemporality: number; readonly dataPoints: readonly OtlpPoint[] };
}

interface OtlpBody {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}

/** A receiver of OTLP over HTTP, which keeps what arrives. */
async function startCollector() {
  const received: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url!, body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bodiesOf = (path: string) =>
    received.filter((sent) => sent.path === path).map(({ body }) => JSON.parse(body) as OtlpBody);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => received.map(({ body }) => body).join('\n'),
    resources: () => bodiesOf('/v1/traces').flatMap(({ resourceSpans }) => resourceSpans ?? []),
    spans: () =>
      bodiesOf('/v1/traces').flatMap(({ resourceSpans }) =>
        resourceSpans!.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    metrics: () =>
      bodiesOf('/v1/metrics').flatMap(({ resourceMetrics }) =>
        resourceMetrics!.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
      ),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function startService(...models: string[]): Promise<Serving> {
  return await serve({
    port: 0,
    host: '127.0.0.1',
    pool: { models, workers: 1, deadlineMs: 60_000, languageModel: false },
    server: { logLevel: 'silent', docs: false, version: '1.2.3' },
    monitoring: {},
    telemetry: { traces: true, metrics: true },
  });
}

/** Goes once the service has begun to answer, before the body is sent. */
async function leaveEarly(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const lines = ['POST /v1/predict HTTP/1.1', 'Host: x', 'Content-Type: image/png', 'Content-Length: 100'];
  socket.write([...lines, 'Expect: 100-continue', '', ''].join('\r\n'));
  await once(socket, 'data');
  socket.destroy();
  await once(socket, 'close');
}

const valuesOf = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const line = readFileSync(new URL('../../../data/line-sample/your-merchandise.png', import.meta.url));

afterEach(() => vi.unstubAllEnvs());

test('a collector receives spans and metrics of requests, without texts, pictures, names and addresses', async () => {
  const collector = await startCollector();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  vi.stubEnv('OTEL_SERVICE_NAME', 'reader-of-this-test');
  const service = await startService('mlp', 'line-recognizer');
  const url = `http://127.0.0.1:${service.port}`;
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(line)]), 'a-secret-name.png');
  const [traceId, parentId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const read = await fetch(`${url}/v1/predict?decoder=greedy`, {
    method: 'POST',
    headers: { traceparent: `00-${traceId}-${parentId}-01`, 'user-agent': 'a-secret-agent', 'x-request-id': 'an-id' },
    body: form,
  });
  expect(await read.json()).toMatchObject({ pred: 'your merchandise' });
  const cut = new Uint8Array(sampleImage('digit-2').subarray(0, 200));
  const body = formOf(sampleImage('digit-2'), cut);
  expect((await fetch(`${url}/v1/predict/batch`, { method: 'POST', body })).status).toBe(200);
  expect((await fetch(`${url}/a-secret-path?token=a-secret-query`)).status).toBe(404);
  await leaveEarly(service.port);
  await service.close();
  await collector.close();

  const spans = collector.spans();
  const childrenOf = (parent: OtlpSpan) => spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
  const named = (name: string) => spans.find((span) => span.name === name)!;

  // Kind 2 is that of a server; status 0 is unset, 2 an error.
  const request = named('POST /v1/predict');
  expect(request).toMatchObject({ kind: 2, traceId, parentSpanId: parentId, status: { code: 0 } });
  expect(valuesOf(request.attributes)).toEqual({
    'http.request.method': 'POST',
    'http.route': '/v1/predict',
    'http.response.status_code': 200,
    'url.scheme': 'http',
    'network.protocol.version': '1.1',
    'text_recognizer.request_id': 'an-id',
  });
  const [reading] = childrenOf(request);
  expect([reading.name, reading.traceId, valuesOf(reading.attributes)]).toEqual([
    'read',
    traceId,
    {
      'text_recognizer.model': 'line-recognizer',
      'text_recognizer.kind': 'line',
      'text_recognizer.decoder': 'greedy',
      'text_recognizer.batch_size': 1,
    },
  ]);
  const stages = childrenOf(reading);
  expect(stages.map(({ name }) => name)).toEqual(['queue', 'decode', 'compute']);
  const times = [request, reading, ...stages].map(({ startTimeUnixNano: start, endTimeUnixNano: end }) => [
    BigInt(start),
    BigInt(end),
  ]);
  for (const [start, end] of times) {
    expect(start <= end && times[0][0] <= start && end <= times[0][1]).toBe(true);
  }

  const batch = childrenOf(named('POST /v1/predict/batch'));
  expect(batch.map(({ status, attributes }) => [status.code, valuesOf(attributes)['error.type']]).toSorted()).toEqual([
    [0, undefined],
    [2, 'INVALID_IMAGE'],
  ]);
  const unknown = spans.find(({ attributes }) => valuesOf(attributes)['http.response.status_code'] === 404);
  // With a route where the page is built.
  expect(unknown?.name).toMatch(/^GET( \/\*)?$/);

  const left = spans.filter(({ name, status }) => name === 'POST /v1/predict' && status.code === 2);
  expect(left.map(({ attributes }) => valuesOf(attributes)['error.type'])).toEqual(['aborted']);

  expect(valuesOf(collector.resources()[0].resource.attributes)).toMatchObject({
    'service.name': 'reader-of-this-test',
    'service.version': '1.2.3',
  });

  const metric = (name: string) => collector.metrics().find((found) => found.name === `text_recognizer_${name}`)!;
  const requests = metric('requests_total').sum!;
  expect(requests.isMonotonic).toBe(true);
  expect(requests.dataPoints.map(({ attributes, asDouble }) => [valuesOf(attributes), asDouble])).toContainEqual([
    { route: '/v1/predict', status: '200' },
    1,
  ]);
  // A character and a line were read.
  const batches = metric('batch_size_images').histogram!;
  const [point] = batches.dataPoints;
  expect([batches.aggregationTemporality, point.count, point.explicitBounds]).toEqual([2, 2, [1, 2, 4, 8, 16, 32]]);
  expect(point.bucketCounts!.reduce((sum, count) => sum + count, 0)).toBe(2);
  expect(point.bucketCounts).toHaveLength(7);
  expect(metric('stage_duration_seconds').unit).toBe('s');

  expect(collector.sent()).not.toMatch(/a-secret|merchandise|127\.0\.0\.1/);
  expect(collector.sent()).not.toContain(sampleImage('digit-2').toString('base64').slice(40, 60));
});

test('without a collector requests are answered, and a warning says so once', async () => {
  const closed = await startCollector();
  await closed.close();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', closed.url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '100');
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '1');
  vi.stubEnv('OTEL_METRIC_EXPORT_INTERVAL', '100');
  const warned = vi.spyOn(console, 'error').mockImplementation(() => {});
  const service = await startService('mlp');
  const predict = async () =>
    await fetch(`http://127.0.0.1:${service.port}/v1/predict`, {
      method: 'POST',
      body: formOf(sampleImage('digit-2')),
    });
  expect((await predict()).status).toBe(200);
  await vi.waitFor(() => expect(warned).toHaveBeenCalled(), 20_000);
  expect((await predict()).status).toBe(200);
  await service.close();
  expect(warned.mock.calls).toEqual([
    [expect.stringMatching(/^The OpenTelemetry collector does not take .*ECONNREFUSED/)],
  ]);
  warned.mockRestore();
});

test('the packages that a message asks for are those that the tests run with', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  const installed = Object.entries(devDependencies).map(([name, version]) => `${name}@${version}`);
  expect(installed).toEqual(expect.arrayContaining([...openTelemetryPackages]));
});
