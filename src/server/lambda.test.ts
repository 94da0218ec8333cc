import { spawn } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { sampleDataUrl, sampleImage } from './testing/run-server.ts';

interface Result {
  readonly kind: string;
  /** What the function returned: of HTTP events, a response. */
  readonly body: { readonly statusCode: number; readonly body: string };
}

/** The Runtime API as Lambda serves it: events are given out one at a time, and results come back by their id. */
class RuntimeApi {
  readonly server: Server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      if (path === 'invocation/next') return this.#giveOut(response);
      const [, id, kind] = path.split('/');
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
      this.#results.get(id)?.({ kind, body: JSON.parse(body) });
    });
  });
  readonly #events: { id: string; event: unknown }[] = [];
  readonly #results = new Map<string, (result: Result) => void>();
  #asking: ((value?: unknown) => void) | undefined;
  #count = 0;

  invoke(event: unknown): Promise<Result> {
    const id = `request-${this.#count++}`;
    this.#events.push({ id, event });
    this.#asking?.();
    return new Promise((resolve) => this.#results.set(id, resolve));
  }

  async #giveOut(response: ServerResponse): Promise<void> {
    if (this.#events.length === 0) await new Promise((resolve) => (this.#asking = resolve));
    const { id, event } = this.#events.shift()!;
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + 30_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:123456789012:function:text-recognizer',
    });
    response.end(JSON.stringify(event));
  }
}

const api = new RuntimeApi();
await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
const bootstrap = fileURLToPath(new URL('./lambda-bootstrap.ts', import.meta.url));
const lambda = spawn(process.execPath, ['--import', 'tsx', bootstrap], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    PATH: process.env.PATH,
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.server.address() as AddressInfo).port}`,
    TEXT_RECOGNIZER_MODELS: 'mlp',
  },
});
afterAll(() => {
  lambda.kill();
  api.server.closeAllConnections();
  api.server.close();
});

const body = sampleImage('digit-2').toString('base64');
const json = JSON.stringify({ image: sampleDataUrl('digit-2') });
const http = { method: 'POST', path: '/v1/predict', sourceIp: '198.51.100.7', protocol: 'HTTP/1.1', userAgent: 'test' };
const v2 = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/v1/predict',
  rawQueryString: 'model=mlp',
  headers: { 'content-type': 'image/png', host: 'abc.lambda-url.eu-central-1.on.aws' },
  queryStringParameters: { model: 'mlp' },
  requestContext: { accountId: 'anonymous', apiId: 'abc', domainName: 'abc', http, requestId: 'r', stage: '$default' },
  body,
  isBase64Encoded: true,
};
const alb = {
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/t/1' } },
  httpMethod: 'POST',
  path: '/v1/predict',
  queryStringParameters: {},
  headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7' },
  body: json,
  isBase64Encoded: false,
};

test.each([
  ['API Gateway v2 or a function URL', v2],
  ['an ALB', alb],
  [
    'API Gateway v1',
    { ...alb, resource: '/{proxy+}', requestContext: { stage: 'prod', requestId: 'r', httpMethod: 'POST' } },
  ],
])('an event of %s is answered as HTTP', async (_, event) => {
  const { kind, body } = await api.invoke(event);
  expect(kind).toBe('response');
  expect(body).toMatchObject({ statusCode: 200, isBase64Encoded: false });
  expect(JSON.parse(body.body)).toMatchObject({ pred: '2', model: 'mlp' });
});

test('a direct invocation gives the answer itself, or fails with the code of the problem', async () => {
  const image = sampleDataUrl('upper-A');
  expect(await api.invoke({ image })).toMatchObject({ kind: 'response', body: { pred: 'A', model: 'mlp' } });
  const off = await api.invoke({ image_url: 'https://example.org/a.png' });
  expect(off).toMatchObject({ kind: 'error', body: { errorType: 'IMAGE_URL_OFF' } });
  const bad = await api.invoke({ image: 'data:image/png;base64,AAAA' });
  expect(bad).toMatchObject({ kind: 'error', body: { errorType: 'UNSUPPORTED_IMAGE' } });
});

test('bad HTTP events are problems, and the function lives on', async () => {
  const missing = await api.invoke({ ...v2, rawPath: '/nope' });
  expect(missing.body.statusCode).toBe(404);
  expect(JSON.parse(missing.body.body).code).toBe('NOT_FOUND');
  const broken = await api.invoke({ ...v2, body: body.slice(0, 100) });
  expect([broken.kind, broken.body.statusCode]).toEqual(['response', 422]);
  const health = {
    ...v2,
    rawPath: '/readyz',
    requestContext: { ...v2.requestContext, http: { ...http, method: 'GET' } },
  };
  expect((await api.invoke({ ...health, body: undefined })).body.statusCode).toBe(200);
});
