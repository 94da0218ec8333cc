import { afterAll, expect, test } from 'vitest';
import { pngClaiming30000Square } from '../../images/testing/encoded-images.ts';
import { hashApiKey } from './api-keys.ts';
import { problems } from './problem.ts';
import { answerOf, formOf, json, raw, runServer, sampleDataUrl, sampleImage } from '../testing/run-server.ts';

const server = await runServer({ maxBytes: 100_000, maxBatchImages: 2 });
afterAll(() => server.close());

const bytes = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(size);
const claiming = Uint8Array.from(pngClaiming30000Square());
const cut = Uint8Array.from(sampleImage('digit-2').subarray(0, 200));
/** What begins as a form whose one part is large and no field. */
const namelessForm = (size: number): string =>
  `--b\r\nContect-Disposition: form-data; name="image"; filename="a"\r\n\r\n${'x'.repeat(size)}\r\n--b--\r\n`;
const post = (body: string, type: string): RequestInit => ({ method: 'POST', body, headers: { 'content-type': type } });

test.each<[string, string, RequestInit, number, string]>([
  ['JSON that is cut short', '/v1/predict', post('{"image":', 'application/json'), 400, 'INVALID_REQUEST'],
  ['no body', '/v1/predict', { method: 'POST' }, 400, 'INVALID_REQUEST'],
  ['JSON without an image', '/v1/predict', json({ picture: 1 }), 400, 'INVALID_REQUEST'],
  ['JSON null', '/v1/predict', json(null), 400, 'INVALID_REQUEST'],
  [
    'a prototype in JSON',
    '/v1/predict',
    post('{"__proto__":{"image":"x"}}', 'application/json'),
    400,
    'INVALID_REQUEST',
  ],
  ['an image that is no data URL', '/v1/predict', json({ image: 'http://127.0.0.1/' }), 400, 'INVALID_REQUEST'],
  ['base64 that is not', '/v1/predict', json({ image: 'data:image/png;base64,@@@@' }), 400, 'INVALID_REQUEST'],
  ['a form without a file', '/v1/predict', { method: 'POST', body: new FormData() }, 400, 'INVALID_REQUEST'],
  ['a form without a boundary', '/v1/predict', post('x', 'multipart/form-data'), 400, 'INVALID_REQUEST'],
  [
    'a form cut short',
    '/v1/predict',
    post('--b\r\nContent-Disposition', 'multipart/form-data; boundary=b'),
    400,
    'INVALID_REQUEST',
  ],
  ...[20_000, 34_000, 66_000, 90_000].map((size): [string, string, RequestInit, number, string] => [
    `a form whose part of ${size} bytes is no field`,
    '/v1/predict',
    post(namelessForm(size), 'multipart/form-data; boundary=b'),
    400,
    'INVALID_REQUEST',
  ]),
  ['two files for one', '/v1/predict', { method: 'POST', body: formOf(cut, cut) }, 400, 'INVALID_REQUEST'],
  ['three of two', '/v1/predict/batch', json({ images: ['a', 'b', 'c'] }), 400, 'INVALID_REQUEST'],
  ['a batch of none', '/v1/predict/batch', json({ images: [] }), 400, 'INVALID_REQUEST'],
  ['a bad percent sign', '/%', {}, 400, 'INVALID_REQUEST'],
  ['no address of an image', '/v1/predict', {}, 400, 'INVALID_REQUEST'],
  ['an address while that is off', '/v1/predict?image_url=http://example.org/a.png', {}, 403, 'IMAGE_URL_OFF'],
  ['another path', '/v2/predict', {}, 404, 'NOT_FOUND'],
  ['a path out of the page', '/../../package.json', {}, 404, 'NOT_FOUND'],
  ['another model', '/v1/predict?model=nope', raw(sampleImage('digit-2')), 404, 'MODEL_NOT_FOUND'],
  [
    'another model for a batch',
    '/v1/predict/batch?model=x',
    json({ images: [sampleDataUrl('digit-2')] }),
    404,
    'MODEL_NOT_FOUND',
  ],
  ['another method', '/v1/predict', { method: 'PUT' }, 405, 'METHOD_NOT_ALLOWED'],
  ['many bytes', '/v1/predict', raw(bytes(100_001)), 413, 'IMAGE_TOO_LARGE'],
  ['many bytes in a form', '/v1/predict', { method: 'POST', body: formOf(bytes(100_001)) }, 413, 'IMAGE_TOO_LARGE'],
  ['many bytes in JSON', '/v1/predict', json({ image: `data:;base64,${'A'.repeat(140_000)}` }), 413, 'IMAGE_TOO_LARGE'],
  ['much JSON', '/v1/predict', json({ image: 'A'.repeat(200_000) }), 413, 'IMAGE_TOO_LARGE'],
  ['an image bomb', '/v1/predict', raw(claiming), 413, 'IMAGE_TOO_LARGE'],
  [
    'a form of a browser',
    '/v1/predict',
    post('a=b', 'application/x-www-form-urlencoded'),
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['SVG', '/v1/predict', post('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'), 415, 'UNSUPPORTED_IMAGE'],
  ['text as an image', '/v1/predict', post('hello', 'image/png'), 415, 'UNSUPPORTED_IMAGE'],
  ['an image cut short', '/v1/predict', raw(cut), 422, 'INVALID_IMAGE'],
  ['an empty image', '/v1/predict', json({ image: 'data:image/png;base64,' }), 422, 'INVALID_IMAGE'],
])('%s is refused as a problem', async (_, path, init, status, code) => {
  const response = await fetch(server.url + path, init);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = await answerOf(response);
  expect(problem).toMatchObject({ status, code, title: problems[code as 'INTERNAL'].title });
  expect(response.status).toBe(status);
  expect(problem.type).toBe(`urn:text-recognizer:problem:${code.toLowerCase().replaceAll('_', '-')}`);
  expect(problem.detail.length).toBeGreaterThan(20);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
});

test('what Node cannot parse is a problem too', async () => {
  const { connect } = await import('node:net');
  const answerTo = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (data) => (answer += data));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  expect(await answerTo('BREW /coffee\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"INVALID_REQUEST"/s);
  const noHost = 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n';
  expect(await answerTo(noHost)).toMatch(/^HTTP\/1\.1 400 .*"code":"INVALID_REQUEST"/s);
  const unknown = 'POST /v1/none HTTP/1.1\r\nHost: x\r\nExpect: the-best\r\nConnection: close\r\n\r\n';
  expect(await answerTo(unknown)).toMatch(/^HTTP\/1\.1 404 .*"code":"NOT_FOUND"/s);
  const long = `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`;
  expect(await answerTo(long)).toMatch(/^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE"/s);
});

test('keys, other sites and hasty clients', async () => {
  const strict = await runServer({
    apiKeyHashes: [hashApiKey('other'), hashApiKey('open sesame')],
    corsOrigins: ['https://good.example'],
    requestsPerMinute: 6,
  });
  try {
    const get = (path: string, headers: Record<string, string> = {}) => fetch(strict.url + path, { headers });
    expect((await get('/healthz')).status).toBe(200);
    const without = await get('/v1/models');
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await answerOf(without)).code).toBe('UNAUTHORIZED');
    expect((await get('/v1/models', { 'x-api-key': 'open' })).status).toBe(401);
    expect((await get('/v1/models', { 'x-api-key': 'open sesame' })).status).toBe(200);
    const good = await get('/v1/models', { authorization: 'Bearer other', origin: 'https://good.example' });
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([200, 'https://good.example']);
    const bad = await get('/v1/models', { authorization: 'Bearer other', origin: 'https://bad.example' });
    expect(bad.headers.get('access-control-allow-origin')).toBeNull();
    await get('/v1/models');
    const hasty = await get('/v1/models', { authorization: 'Bearer other' });
    expect(hasty.status).toBe(429);
    expect((await answerOf(hasty)).code).toBe('RATE_LIMITED');
    expect(Number(hasty.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get('/healthz')).status).toBe(200);
  } finally {
    await strict.close();
  }
});
