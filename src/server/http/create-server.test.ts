import { afterAll, expect, test } from 'vitest';
import { CharacterPredictor } from '../../reading/character-predictor.ts';
import { answerOf, formOf, json, raw, runServer, sampleDataUrl, sampleImage } from '../testing/run-server.ts';

const server = await runServer({ docs: true, version: '1.2.3' });
afterAll(() => server.close());

const post = async (path: string, init: RequestInit) => await fetch(server.url + path, init);

test.each([
  ['JSON with a data URL', json({ image: sampleDataUrl('digit-2') })],
  ['a form', { method: 'POST', body: formOf(sampleImage('digit-2')) }],
  ['the image itself', raw(sampleImage('digit-2'))],
  ['bytes without a type', raw(sampleImage('digit-2'), 'application/octet-stream')],
])('%s gives what the predictor gives', async (_, init) => {
  const response = await post('/v1/predict', init);
  expect(response.status).toBe(200);
  const answer = await answerOf(response);
  const predictor = await CharacterPredictor.load({ model: 'mlp' });
  const { text, confidence, alternatives } = await predictor.predict(sampleImage('digit-2'));
  await predictor.close();
  expect(text).toBe('2');
  expect(answer).toMatchObject({ pred: '2', model: 'mlp', words: [{ text: '2', start: 0, end: 1 }] });
  expect(answer.conf).toBeCloseTo(confidence, 5);
  const polygon = [
    [0, 0],
    [28, 0],
    [28, 28],
    [0, 28],
  ];
  const character = { text: '2', confidence: answer.conf, alternatives: answer.alternatives, polygon };
  expect(answer.characters).toEqual([{ ...character, start: 0, end: 1 }]);
  const word = { ...character, characters: [character] };
  expect(answer).toMatchObject({ kind: 'character', licence: 'MIT', width: 28, height: 28 });
  expect(answer.lines).toEqual([{ ...character, baseline: [polygon[3], polygon[2]], words: [word] }]);
  expect(answer.alternatives.map((other) => other.text)).toEqual(alternatives.map((other) => other.text));
  expect(Object.keys(answer.timing)).toEqual(['queue', 'decode', 'compute', 'total', 'batch']);
  expect(answer.timing.total).toBeGreaterThanOrEqual(answer.timing.compute);
});

test('a batch answers in order, an image at fault in its place', async () => {
  const images = [sampleDataUrl('upper-A'), 'data:image/png;base64,AAAA', sampleDataUrl('digit-7')];
  const response = await post('/v1/predict/batch?model=mlp', json({ images }));
  expect(response.status).toBe(200);
  const { predictions } = await answerOf(response);
  expect(predictions).toMatchObject([
    { pred: 'A' },
    { error: { status: 415, code: 'UNSUPPORTED_IMAGE' } },
    { pred: '7' },
  ]);
  const form = formOf(sampleImage('digit-8'), sampleImage('digit-3'));
  const fromForm = await answerOf(await post('/v1/predict/batch', { method: 'POST', body: form }));
  expect(fromForm.predictions).toMatchObject([{ pred: '8' }, { pred: '3' }]);
});

test('a batch comes in lines of JSON where they are accepted, each image with its index', async () => {
  const images = [sampleDataUrl('upper-A'), 'data:image/png;base64,AAAA', sampleDataUrl('digit-7')];
  const request = json({ images });
  const headers = { ...request.headers, accept: 'application/x-ndjson, */*;q=0.1' };
  const response = await post('/v1/predict/batch?model=mlp', { ...request, headers });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines = (await response.text()).trimEnd().split('\n');
  const items = lines.map((line) => JSON.parse(line) as { index: number });
  expect(items.toSorted((a, b) => a.index - b.index)).toMatchObject([
    { index: 0, pred: 'A', lines: [{}] },
    { index: 1, error: { status: 415, code: 'UNSUPPORTED_IMAGE' } },
    { index: 2, pred: '7', timing: {} },
  ]);
  const refused = await post('/v1/predict/batch?model=none', { ...request, headers });
  expect([refused.status, await refused.json()]).toMatchObject([404, { code: 'MODEL_NOT_FOUND' }]);
});

test('the models are listed with the default', async () => {
  const answer = await answerOf(await fetch(`${server.url}/v1/models`));
  expect(answer).toMatchObject({ default: 'mlp', models: [{ name: 'mlp', kind: 'character', parameters: 141502 }] });
  expect(answer.models[0].classes).toHaveLength(62);
});

test('health, readiness, page and headers', async () => {
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready', models: ['mlp'] });
  const page = await fetch(server.url, { headers: { 'x-request-id': 'mine-1' } });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page.headers.get('x-request-id')).toBe('mine-1');
  expect(await page.text()).toContain('<form method="post" action="v1/predict"');
  const other = await fetch(server.url, { headers: { 'x-request-id': 'no good {}' } });
  expect(other.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
});

interface Route {
  readonly requestBody: { readonly content: object };
  readonly parameters: readonly object[];
  readonly responses: Record<
    string,
    { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> }
  >;
}

interface Description {
  readonly paths: Record<string, { readonly post: Route; readonly get: Route }>;
  readonly components: { readonly schemas: object };
}

test('the API describes itself as OpenAPI 3.1, with a page', async () => {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as Description;
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  expect(Object.keys(document.paths).sort()).toEqual(
    ['/healthz', '/readyz', '/v1/models', '/v1/predict', '/v1/predict/batch', '/v1/predict/document'].sort(),
  );
  const { post: predict } = document.paths['/v1/predict'];
  expect(Object.keys(predict.requestBody.content)).toContain('multipart/form-data');
  const decoder = { type: 'string', enum: ['greedy', 'beam', 'lm'] };
  for (const { parameters } of [predict, document.paths['/v1/predict/batch'].post, document.paths['/v1/predict'].get]) {
    expect(parameters).toContainEqual(expect.objectContaining({ name: 'decoder', in: 'query', schema: decoder }));
  }
  expect(predict.responses['200'].content['application/json'].schema.$ref).toMatch(/Prediction$/);
  expect(predict.responses['503'].content['application/problem+json'].schema.$ref).toMatch(/Problem$/);
  expect(document.components.schemas).toHaveProperty('Prediction');
  expect((await fetch(`${server.url}/docs`)).headers.get('content-type')).toContain('text/html');
});
