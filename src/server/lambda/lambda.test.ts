import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createLambdaHandler } from './create-handler.ts';
import { sampleDataUrl, sampleImage } from '../testing/run-server.ts';
import { RuntimeApi } from '../testing/runtime-api.ts';

const api = new RuntimeApi();
const address = await api.listen();
/** The folder of a function that scripts/build-lambda.ts has built, to test that one instead. */
const built = process.env.TEXT_RECOGNIZER_LAMBDA;
const source = ['--import', 'tsx', fileURLToPath(new URL('./bootstrap.ts', import.meta.url))];
const command = built === undefined ? source : [join(built, 'app/server/lambda-bootstrap.mjs')];
const lambda = spawn(process.execPath, command, {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    PATH: process.env.PATH,
    AWS_LAMBDA_RUNTIME_API: address,
    TEXT_RECOGNIZER_IMAGE_URL: 'no',
  },
});
afterAll(() => {
  lambda.kill();
  api.close();
});

const body = sampleImage('digit-2').toString('base64');
const json = JSON.stringify({ image: sampleDataUrl('digit-2') });
const http = { method: 'POST', path: '/v1/predict', sourceIp: '198.51.100.7', protocol: 'HTTP/1.1', userAgent: 'test' };
const v2 = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/v1/predict',
  rawQueryString: 'model=character-cnn',
  headers: { 'content-type': 'image/png', host: 'abc.lambda-url.eu-central-1.on.aws' },
  queryStringParameters: { model: 'character-cnn' },
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

const v1 = {
  ...alb,
  resource: '/{proxy+}',
  requestContext: { stage: 'prod', path: '/prod/v1/predict', requestId: 'r', httpMethod: 'POST' },
};
const staged = (stage: string, rawPath: string) => ({
  ...v2,
  rawPath,
  requestContext: { ...v2.requestContext, stage, http: { ...http, path: rawPath } },
});

test.each([
  ['API Gateway v2 or a function URL', v2],
  ['an ALB', alb],
  ['API Gateway v1', v1],
  ['API Gateway v1 that passes base64 on as it is', { ...v1, headers: { 'Content-Type': 'image/png' }, body }],
  ['API Gateway v2 with a stage', staged('prod', '/prod/v1/predict')],
  ['API Gateway v2 with a stage that is called v1', staged('v1', '/v1/v1/predict')],
  [
    'API Gateway v1 with a stage that is called v1, which is not in the path',
    { ...v1, requestContext: { stage: 'v1', path: '/v1/v1/predict', httpMethod: 'POST' } },
  ],
])('an event of %s is answered as HTTP', async (_, event) => {
  const { kind, body } = await api.invoke(event);
  expect(kind).toBe('response');
  expect(body).toMatchObject({ statusCode: 200, isBase64Encoded: false });
  expect(JSON.parse(body.body)).toMatchObject({ pred: '2', model: 'character-cnn' });
});

test('a direct invocation gives the answer itself, or fails with the code of the problem', async () => {
  const image = sampleDataUrl('upper-A');
  expect(await api.invoke({ image })).toMatchObject({ kind: 'response', body: { pred: 'A', model: 'character-cnn' } });
  expect(await api.invoke({ image, model: 'character-cnn', decoder: 'greedy' })).toMatchObject({ body: { pred: 'A' } });
  const kept = { image, model: 'character-cnn', words: ['4', '5'] };
  expect(await api.invoke(kept)).toMatchObject({ body: { pred: expect.stringMatching(/^[45]$/) } });
  const beam = await api.invoke({ image, decoder: 'beam' });
  expect(beam).toMatchObject({ kind: 'error', body: { errorType: 'UNSUPPORTED_DECODER' } });
  const unknown = await api.invoke({ image, decoder: 'best' });
  expect(unknown).toMatchObject({ kind: 'error', body: { errorType: 'INVALID_REQUEST' } });
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

test('lines are read by the line reader, which may be named, too', async () => {
  const line = readFileSync(new URL('../../../data/line-sample/laid-down-the-necklace.png', import.meta.url));
  const image = `data:image/png;base64,${line.toString('base64')}`;
  const answer = { pred: 'laid down the necklace', model: 'line-recognizer' };
  expect(await api.invoke({ image })).toMatchObject({ kind: 'response', body: answer });
  expect(await api.invoke({ image, model: 'line-recognizer' })).toMatchObject({ kind: 'response', body: answer });
  const { body } = await api.invoke({ ...v2, body: line.toString('base64'), queryStringParameters: {} });
  expect(JSON.parse(body.body)).toMatchObject(answer);
});

test.each([
  ['nothing', {}, 'it holds nothing'],
  ['null', null, 'it holds nothing'],
  ['a string', 'digit-2.png', 'The event is neither'],
  ['S3', { Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'b' } } }] }, 'it holds Records'],
  ['a schedule', { source: 'aws.events', detail: {} }, 'it holds source, detail'],
  ['a body without a method', { body: json }, 'it holds body'],
  ['a context without a method', { requestContext: {}, image: 'x' }, 'it holds requestContext, image'],
])('an event of %s is refused, not answered with the page', async (_, event, detail) => {
  const { kind, body } = await api.invoke(event);
  expect([kind, body.statusCode]).toEqual(['response', 400]);
  const problem = JSON.parse(body.body) as { code: string; detail: string };
  expect(problem).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringContaining(detail) });
});

test('an image that API Gateway has read as text is told what to configure', async () => {
  const text = sampleImage('digit-2').toString('utf8');
  const event = { ...v1, headers: { 'content-type': 'image/png' }, body: text, isBase64Encoded: false };
  const { body } = await api.invoke(event);
  expect(body.statusCode).toBe(415);
  const detail = expect.stringContaining('binaryMediaTypes of the REST API, or send JSON');
  expect(JSON.parse(body.body)).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', detail });
});

test('a direct invocation must hold strings', async () => {
  const odd = await api.invoke({ image: 5 });
  expect(odd).toMatchObject({ kind: 'error', body: { errorType: 'INVALID_REQUEST' } });
});

test.each([
  ['TEXT_RECOGNIZER_MODEL', 'mlp', 'did you mean TEXT_RECOGNIZER_MODELS?'],
  ['TEXT_RECOGNIZER_WORKERS', '2', 'has no effect on AWS Lambda'],
  ['TEXT_RECOGNIZER_IMAGE_URL', 'maybe', 'It must be true'],
])('the function does not start with %s=%s', async (name, value, message) => {
  await expect(createLambdaHandler({ [name]: value })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(message),
  });
});

test('a function of free models refuses another', async () => {
  const env = { TEXT_RECOGNIZER_LICENCE: 'free', TEXT_RECOGNIZER_MODELS: 'line-recognizer' };
  await expect(createLambdaHandler(env)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
