import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { problems } from './problem.ts';
import { imageUrlQuerySchema, predictQuerySchema } from './schemas.ts';
import { answerOf, formOf, json, raw, runServer, sampleDataUrl, sampleImage } from '../testing/run-server.ts';

const server = await runServer({}, { models: ['mlp', 'lenet'] });
afterAll(() => server.close());

const image = sampleDataUrl('digit-2');
const ask = async (path: string, init?: RequestInit) => await fetch(`${server.url}${path}`, init);

function form(fields: Readonly<Record<string, string>>): RequestInit {
  const body = formOf(sampleImage('digit-2'));
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return { method: 'POST', body };
}

test.each([
  ['a query', '/v1/predict?model=lenet', raw(sampleImage('digit-2'))],
  ['JSON', '/v1/predict', json({ image, model: 'lenet', decoder: 'greedy' })],
  ['a form', '/v1/predict', form({ model: 'lenet', decoder: 'greedy' })],
  ['query and JSON that agree', '/v1/predict?model=lenet', json({ image, model: 'lenet' })],
])('the model is chosen in %s', async (_, path, init) => {
  const response = await ask(path, init);
  expect([response.status, await response.json()]).toMatchObject([200, { pred: '2', model: 'lenet' }]);
});

test.each([
  ['JSON', json({ images: [image, image], model: 'lenet' })],
  ['a form', form({ model: 'lenet' })],
])('the model of a batch is chosen in %s', async (_, init) => {
  const { predictions } = await answerOf(await ask('/v1/predict/batch', init));
  expect(new Set(predictions.map((one) => (one as { model: string }).model))).toEqual(new Set(['lenet']));
});

test.each<[string, string, RequestInit | undefined, RegExp]>([
  [
    'a query',
    '/v1/predict?modle=lenet',
    raw(sampleImage('digit-2')),
    /^"modle" is unknown in the query; did you mean "model"/,
  ],
  [
    'a query without any',
    '/v1/models?model=lenet',
    undefined,
    /^"model" is unknown in the query; nothing may be there/,
  ],
  ['a query of another method', '/v1/predict?image_url=http://a.example/', json({ image }), /^"image_url" is unknown/],
  ['JSON', '/v1/predict', json({ image, modle: 'lenet' }), /^"modle" is unknown in the body; did you mean "model"/],
  ['JSON of a batch', '/v1/predict/batch', json({ image }), /^"image" is unknown in the body; did you mean "images"/],
  ['a form', '/v1/predict', form({ decodre: 'greedy' }), /^"decodre" is unknown in the body; did you mean "decoder"/],
])('a name that is unknown in %s is refused with the closest', async (_, path, init, detail) => {
  const response = await ask(path, init);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { code: 'INVALID_REQUEST', detail: expect.stringMatching(detail) },
  ]);
});

test.each<[string, RequestInit, number, string, RegExp]>([
  ['a model in JSON that is not served', json({ image, model: 'x' }), 404, 'MODEL_NOT_FOUND', /no model 'x' here/],
  ['a model in a form that is not served', form({ model: 'x' }), 404, 'MODEL_NOT_FOUND', /no model 'x' here/],
  ['a model that is no text', json({ image, model: 5 }), 400, 'INVALID_REQUEST', /"model" must be a string/],
  ['a decoder that there is not', json({ image, decoder: 'best' }), 400, 'INVALID_REQUEST', /"decoder" must be greedy/],
  [
    'a decoder that the model has not',
    form({ decoder: 'beam' }),
    422,
    'UNSUPPORTED_DECODER',
    /does not decode with 'beam'/,
  ],
  ['an image that is text', { method: 'POST', body: textForm() }, 400, 'INVALID_REQUEST', /must be a file, not text/],
])('%s is refused', async (_, init, status, code, detail) => {
  const response = await ask('/v1/predict', init);
  expect([response.status, await response.json()]).toMatchObject([
    status,
    { code, detail: expect.stringMatching(detail) },
  ]);
});

function textForm(): FormData {
  const body = new FormData();
  body.append('image', image);
  return body;
}

test('query and body that contradict each other are refused', async () => {
  const response = await ask('/v1/predict?model=mlp', json({ image, model: 'lenet' }));
  expect([response.status, (await answerOf(response)).detail]).toEqual([
    400,
    '"model" is mlp in the query and lenet in the body; send one.',
  ]);
});

test('a body that is compressed is refused, and says so', async () => {
  const body = new Uint8Array(gzipSync(JSON.stringify({ image })));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const response = await ask('/v1/predict', { method: 'POST', headers, body });
  expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  expect(await answerOf(response)).toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    detail: expect.stringContaining('not with Content-Encoding: gzip'),
  });
});

test('what a client cannot do is not advised, and another method is told which there are', async () => {
  const put = await ask('/v1/predict', { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
});

const docs = readFileSync(new URL('../../../docs/serving.md', import.meta.url), 'utf8');

test('docs/serving.md lists the parameters as they are', () => {
  const rows = Object.entries(imageUrlQuerySchema.shape).map(([name, { description }]) => {
    const where = name in predictQuerySchema.shape ? 'everywhere' : '`GET /v1/predict`';
    return `| \`${name}\` | ${where} | ${description} |\n`;
  });
  expect(docs).toContain(['| parameter | where | |\n|---|---|---|\n', ...rows].join(''));
});

test('docs/serving.md lists the statuses and codes as they are', () => {
  const rows = [...docs.matchAll(/^\| (\d{3}(?:, \d{3})*) \| (.*) \|$/gm)];
  const documented = rows.flatMap(([, statuses, text]) =>
    [...text.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => [code, statuses.split(', ').map(Number)] as const),
  );
  // Nobody is there to read it when the client has gone.
  const codes = Object.keys(problems).filter((code) => code !== 'CLIENT_GONE');
  expect(documented.map(([code]) => code).sort()).toEqual(codes.sort());
  for (const [code, statuses] of documented) expect(statuses, code).toContain(problems[code as 'INTERNAL'].status);
});
