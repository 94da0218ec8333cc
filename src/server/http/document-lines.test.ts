import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import { TextRecognizerClient } from '../../client/text-recognizer-client.ts';
import { encoded } from '../../images/testing/encoded-images.ts';
import { endlessPdf } from '../../images/testing/make-pdf.ts';
import { openPictureFile } from '../../images/picture-file.ts';
import { InlineRecognizer } from '../lambda/inline-recognizer.ts';
import { documentLines } from './document-lines.ts';
import { hashApiKey } from './api-keys.ts';
import { answerOf, formOf, raw, runServer, sampleImage } from '../testing/run-server.ts';

const server = await runServer({ apiKeyHashes: [hashApiKey('secret')] });
afterAll(() => server.close());
const client = new TextRecognizerClient(server.url, { apiKey: 'secret', retries: 1 });
const pdf = await pdfOf('digit-2', 'upper-A', 'digit-7');

/** A PDF with a character on each page. */
async function pdfOf(...names: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({ autoFirstPage: false, font: '' });
  for (const name of names) {
    const jpeg = await sharp(sampleImage(name)).jpeg().toBuffer();
    document.addPage({ size: [28, 28], margin: 0 }).image(jpeg, 0, 0, { width: 28 });
  }
  document.end();
  return new Uint8Array(await buffer(document));
}

async function ask(body: Uint8Array<ArrayBuffer>, query = '', type = 'application/pdf'): Promise<Response> {
  const { headers, ...init } = raw(body, type);
  const authorized = { ...(headers as Record<string, string>), authorization: 'Bearer secret' };
  return await fetch(`${server.url}/v1/predict/document${query}`, { ...init, headers: authorized });
}

test('each page of a PDF is a line of JSON', async () => {
  const response = await ask(pdf);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines = (await response.text()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { page: 1, pages: 3, pred: '2', width: 117, height: 117 },
    { page: 2, pages: 3, pred: 'A' },
    { page: 3, pages: 3, pred: '7' },
  ]);
});

test('the client reads on where it was, and a picture is a document of one page', async () => {
  const pages = [];
  for await (const { page, ...rest } of client.predictDocument(pdf, { from: 2 }))
    pages.push([page, 'pred' in rest && rest.pred]);
  expect(pages).toEqual([
    [2, 'A'],
    [3, '7'],
  ]);
  for await (const page of client.predictDocument(sampleImage('digit-2')))
    expect(page).toMatchObject({ pages: 1, pred: '2' });
});

test('one picture of the other formats is read as any image', { timeout: 60_000 }, async () => {
  expect(await client.predict(pdf)).toMatchObject({ pred: '2', page: 1, pages: 3 });
  expect(await client.read(new Uint8Array(encoded('heic')))).toMatchObject({ width: 64, height: 32 });
  expect(await client.predict(new Uint8Array(encoded('bmp24')))).toMatchObject({ width: 3, height: 2 });
});

test.each([
  ['no document', Uint8Array.of(1, 2, 3), '', 415, 'UNSUPPORTED_IMAGE'],
  ['a damaged one', pdf.slice(0, 120), '', 422, 'INVALID_IMAGE'],
  ['a page that there is not', pdf, '?from=4', 400, 'INVALID_REQUEST'],
  ['a page before the first', pdf, '?from=0', 400, 'INVALID_REQUEST'],
  ['a model that there is not', pdf, '?model=x', 404, 'MODEL_NOT_FOUND'],
])('%s is refused', async (_, body, query, status, code) => {
  const response = await ask(body, query);
  expect([response.status, (await answerOf(response)).code]).toEqual([status, code]);
});

test('without a key, nothing is read', async () => {
  const response = await fetch(`${server.url}/v1/predict/document`, { method: 'POST', body: formOf(pdf) });
  expect(response.status).toBe(401);
});

test('a client that lets its lines wait for a minute in all is given up', async () => {
  const service = await InlineRecognizer.start({ models: ['mlp'], pageModel: false, threads: 1 });
  const pages = await Promise.all(
    ['digit-2', 'digit-7', 'digit-2'].map((name) => sharp(sampleImage(name)).png().toBuffer()),
  );
  const tiff = await sharp(pages, { join: { animated: true } })
    .tiff()
    .toBuffer();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const giveUp = vi.fn();
  const lines = documentLines(await openPictureFile(tiff), { service, options: {}, from: 1, giveUp });
  for (const calls of [0, 1]) {
    await lines.next();
    vi.advanceTimersByTime(40_000);
    expect(giveUp).toHaveBeenCalledTimes(calls);
  }
  vi.useRealTimers();
  await lines.return(undefined);
  await service.close();
});

test('a third document at a time is refused, and a client that goes makes place', { timeout: 60_000 }, async () => {
  const abort = new AbortController();
  const headers = { 'content-type': 'application/pdf', authorization: 'Bearer secret' };
  const init = { method: 'POST', headers, body: new Uint8Array(endlessPdf()), signal: abort.signal };
  const waiting = [1, 2].map(() => fetch(`${server.url}/v1/predict/document`, init).catch(() => undefined));
  await vi.waitFor(async () => expect((await ask(pdf)).status).toBe(503), 20_000);
  abort.abort();
  await Promise.all(waiting);
  await vi.waitFor(async () => expect((await ask(pdf)).status).toBe(200), 20_000);
});
