import { randomFillSync } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { BodyOpener } from './body-opener.ts';
import type { BodyLimits, EncodedBody } from './open-body.ts';
import { sampleImage } from '../testing/run-server.ts';

const opener = new BodyOpener();
afterAll(() => opener.close());

const limits: BodyLimits = { images: 32, maxBytes: 2 ** 20 };
const one: BodyLimits = { images: 'one', maxBytes: 2 ** 20 };
const image = sampleImage('digit-2');
/** The same image with bytes behind it that no decoder looks at, too many to be opened at once. */
const large = Buffer.concat([image, Buffer.alloc(100_000, 'x')]);

/** JSON in pieces of 60,000 bytes. */
function jsonBody(value: unknown): EncodedBody {
  const bytes = Buffer.from(JSON.stringify(value));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; at += 60_000) pieces.push(new Uint8Array(bytes.subarray(at, at + 60_000)));
  return { kind: 'json', pieces };
}

const dataUrl = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;

test.each([
  ['small', image],
  ['large', large],
])('%s images come out of JSON and files byte for byte, with their sizes', async (_, bytes) => {
  const wanted = { bytes: new Uint8Array(bytes), width: 280, height: 280 };
  const { width, height } = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  const expected = { ...wanted, width, height };
  expect(await opener.open(jsonBody({ image: dataUrl(bytes) }), one)).toMatchObject({ items: [expected], choice: {} });
  const pieces = [new Uint8Array(bytes.subarray(0, 30)), new Uint8Array(bytes.subarray(30))];
  expect(await opener.open({ kind: 'files', files: [pieces] }, one)).toMatchObject({ items: [expected], choice: {} });
  const text = 'data:;base64,AAAA';
  expect(await opener.open(jsonBody({ images: [dataUrl(bytes), text, dataUrl(bytes)] }), limits)).toMatchObject({
    items: [expected, { problem: { code: 'UNSUPPORTED_IMAGE' } }, expected],
  });
});

test('memory is handed over, and comes back in memory of its own', async () => {
  const pieces = [new Uint8Array(large)];
  const { items } = await opener.open({ kind: 'files', files: [pieces] }, one);
  expect(pieces[0]).toHaveLength(0);
  expect(items[0]).toMatchObject({ bytes: { buffer: { byteLength: large.length } } });
});

test.each([
  ['an image with too many bytes', { image: dataUrl(randomFillSync(Buffer.alloc(2 ** 20 + 1))) }, 'IMAGE_TOO_LARGE'],
  ['a long text that is no data URL', { image: 'A'.repeat(100_000) }, 'INVALID_REQUEST'],
  ['a number', { image: 7 }, 'INVALID_REQUEST'],
  ['a list', { image: [dataUrl(large)] }, 'INVALID_REQUEST'],
])('%s for one image is refused', async (_, body, code) => {
  await expect(opener.open(jsonBody(body), one)).rejects.toMatchObject({ code });
});

test.each([
  ['33 images', Array.from({ length: 33 }, () => dataUrl(large)), 'At most 32 images may come here.'],
  ['numbers, too many', Array.from({ length: 40_000 }, () => 0), 'At most 32 images may come here.'],
  ['numbers', [0, 0], 'The body must be JSON such as'],
  ['none', [], 'The body must be JSON such as'],
  ['a text', dataUrl(large), 'The body must be JSON such as'],
])('%s in a batch are refused', async (_, images, message) => {
  await expect(opener.open(jsonBody({ images }), limits)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    message: expect.stringContaining(message),
  });
});

test('closing waits for what is being opened, and the next body starts another thread', async () => {
  const other = new BodyOpener();
  const body = (): EncodedBody => ({ kind: 'files', files: [[new Uint8Array(large)]] });
  const last = other.open(body(), one);
  await other.close();
  expect((await last).items).toHaveLength(1);
  expect((await other.open(body(), one)).items).toHaveLength(1);
  await other.close();
});
