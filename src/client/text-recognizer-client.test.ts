import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { Recognizer } from '../reading/recognizer.ts';
import { hashApiKey } from '../server/http/api-keys.ts';
import { runServer, sampleImage } from '../server/testing/run-server.ts';
import { TextRecognizerClient } from './text-recognizer-client.ts';

const models = ['mlp', 'line-recognizer'];
const server = await runServer({ apiKeyHashes: [hashApiKey('secret')] }, { models });
afterAll(() => server.close());
const client = new TextRecognizerClient(`${server.url}/`, { apiKey: 'secret' });

test('images are read, alone and together', async () => {
  expect(await client.predict(sampleImage('digit-2'), { model: 'mlp' })).toMatchObject({ pred: '2', model: 'mlp' });
  const file = new Blob([sampleImage('upper-A')], { type: 'image/png' });
  const [first, second] = await client.predictBatch([file, Uint8Array.of(1)]);
  expect(first).toMatchObject({ pred: 'A' });
  expect(second).toMatchObject({ error: { code: 'UNSUPPORTED_IMAGE' } });
  expect((await client.models()).default).toBe('mlp');
});

test('a reading is the tree that the library gives', async () => {
  const recognizer = await Recognizer.load({ models, threads: 1 });
  const blank = await sharp({ create: { width: 50, height: 40, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const images = [
    readFileSync(new URL('../../data/line-sample/laid-down-the-necklace.png', import.meta.url)),
    sampleImage('digit-2'),
    blank,
  ].map((image) => new Uint8Array(image));
  for (const image of images) {
    const { timing, ...reading } = await client.read(image);
    expect(timing.batch).toBe(1);
    expect(reading).toEqual(await recognizer.read(image));
  }
  expect((await client.read(images[0])).lines[0].words.map(({ text }) => text)).toEqual([
    'laid',
    'down',
    'the',
    'necklace',
  ]);
  await recognizer.close();
});

test('problems are errors with their code', async () => {
  const address = client.predictUrl('https://example.org/a.png');
  await expect(address).rejects.toMatchObject({ name: 'ServiceError', status: 403, code: 'IMAGE_URL_OFF' });
  const stranger = new TextRecognizerClient(server.url);
  await expect(stranger.models()).rejects.toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
  await expect(client.predict(sampleImage('digit-2'), { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
});

test('a busy service is asked again as late as it says, but not forever', async () => {
  let asked = 0;
  const busy = createServer((_, response) => {
    const isBusy = asked++ !== 2;
    if (isBusy) response.writeHead(503, { 'retry-after': '0' }).end('<html>busy</html>');
    else response.end('{"default":"a","models":[]}');
  });
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
  expect(await new TextRecognizerClient(url).models()).toEqual({ default: 'a', models: [] });
  expect(asked).toBe(3);
  await expect(new TextRecognizerClient(url, { retries: 1 }).models()).rejects.toMatchObject({
    code: 'UNKNOWN',
    status: 503,
  });
  expect(asked).toBe(5);
  busy.closeAllConnections();
  busy.close();
});
