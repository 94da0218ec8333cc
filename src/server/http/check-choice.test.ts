import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InlineRecognizer } from '../lambda/inline-recognizer.ts';
import type { OpenedImage } from './open-body.ts';
import { answerOf, formOf, raw, runServer, sampleImage, type RunningServer } from '../testing/run-server.ts';

const data = fileURLToPath(new URL('../../../data/', import.meta.url));
let server: RunningServer;

beforeAll(async () => {
  server = await runServer({ docs: true }, { models: ['character-cnn', 'mlp', 'line-recognizer'] });
});

afterAll(() => server.close());

/** A line of writing. */
const line = new Uint8Array(readFileSync(`${data}line-sample/your-merchandise.png`));

interface Answered {
  model?: string;
  pred?: string;
  code?: string;
  alternatives?: readonly unknown[];
}

async function post(image: Uint8Array<ArrayBuffer>, query = '') {
  const response = await fetch(`${server.url}/v1/predict${query}`, raw(image));
  return { status: response.status, ...((await response.json()) as Answered) };
}

test('an image without a model is read by the model for what is in it, whatever its shape', async () => {
  expect(await post(sampleImage('digit-2'))).toMatchObject({ status: 200, pred: '2', model: 'character-cnn' });
  expect(await post(line)).toMatchObject({
    kind: 'line',
    pred: expect.stringMatching(/^[yY]our merchandise$/),
    model: 'line-recognizer',
  });
  const sheet = { width: 900, height: 900, background: '#fff' };
  const square = await sharp(line)
    .resize({ ...sheet, fit: 'contain' })
    .png()
    .toBuffer();
  expect(await post(new Uint8Array(square))).toMatchObject({
    pred: expect.stringMatching(/^[yY]our merchandise$/),
    model: 'line-recognizer',
  });
  // Turned by a quarter, as cameras save it.
  const turned = await sharp(line).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
  expect(await post(new Uint8Array(turned))).toMatchObject({
    pred: expect.stringMatching(/^[yY]our merchandise$/),
    model: 'line-recognizer',
  });
});

test('a blank image has an empty reading, several lines are a page, and a problem for characters', async () => {
  const paper = sharp({ create: { width: 300, height: 300, channels: 3, background: '#fff' } });
  const blank = await post(new Uint8Array(await paper.png().toBuffer()));
  expect(blank).toMatchObject({ status: 200, kind: 'blank', pred: '', conf: 1, characters: [], words: [], lines: [] });
  const { height } = await sharp(line).metadata();
  const lines = await sharp(line)
    .extend({ bottom: height + 20, background: '#fff' })
    .composite([{ input: Buffer.from(line), left: 0, top: height + 20 }])
    .png()
    .toBuffer();
  for (const query of ['', '?model=line-recognizer']) {
    const page = await post(new Uint8Array(lines), query);
    expect(page).toMatchObject({ status: 200, kind: 'page', lines: [{}, {}] });
  }
  const refused = await post(new Uint8Array(lines), '?model=character-cnn');
  expect(refused).toMatchObject({ status: 422, code: 'SEVERAL_LINES' });
});

test('so is each image of a batch', async () => {
  const images = [line, sampleImage('digit-7'), Uint8Array.of(1), line];
  const form = formOf(...images.map((image) => new Uint8Array(image)));
  const { predictions } = await answerOf(await fetch(`${server.url}/v1/predict/batch`, { method: 'POST', body: form }));
  expect(predictions).toMatchObject([
    { model: 'line-recognizer' },
    { model: 'character-cnn', pred: '7' },
    { error: { code: 'UNSUPPORTED_IMAGE' } },
    { model: 'line-recognizer' },
  ]);
});

test('a model that is named reads any of them', async () => {
  for (const model of ['mlp', 'character-cnn', 'line-recognizer']) {
    expect(await post(line, `?model=${model}`)).toMatchObject({ status: 200, model });
    expect(await post(sampleImage('digit-2'), `?model=${model}`)).toMatchObject({ status: 200, model });
  }
});

test('lines are decoded with the language model unless another decoder is asked for', async () => {
  const { models } = await answerOf(await fetch(`${server.url}/v1/models`));
  expect(models).toMatchObject([
    { name: 'character-cnn', decoders: ['greedy'] },
    { name: 'mlp', decoders: ['greedy'] },
    { name: 'line-recognizer', decoders: ['lm', 'greedy', 'beam'] },
  ]);
  const line = new Uint8Array(readFileSync(`${data}line-sample/blanche-comme-une-statue-de-cire.png`));
  const [plain, lm, greedy] = [await post(line), await post(line, '?decoder=lm'), await post(line, '?decoder=greedy')];
  expect(plain).toMatchObject({ pred: 'blanche comme une statue de cire.', alternatives: lm.alternatives });
  expect(lm.alternatives).not.toEqual([]);
  expect(greedy.alternatives).toEqual([]);
});

test('a decoder must be one of the model for what is in the image', async () => {
  expect(await post(line, '?decoder=beam')).toMatchObject({ status: 200, model: 'line-recognizer' });
  expect(await post(sampleImage('digit-2'), '?decoder=beam')).toMatchObject({
    status: 422,
    code: 'UNSUPPORTED_DECODER',
  });
});

test('an image whose header says nothing is a problem', async () => {
  const cut = line.slice(0, 20);
  expect(await post(cut)).toMatchObject({ status: 422, code: 'INVALID_IMAGE' });
  expect(await post(Uint8Array.of(1, 2, 3))).toMatchObject({ status: 415, code: 'UNSUPPORTED_IMAGE' });
});

test('the API says how the model is chosen', async () => {
  const text = await (await fetch(`${server.url}/openapi.json`)).text();
  expect(text).toContain('otherwise the first line model');
});

async function readInline(service: InlineRecognizer, file: Uint8Array<ArrayBuffer>) {
  const { items } = await service.open({ kind: 'files', files: [[file]] }, { images: 'one', maxBytes: 2 ** 20 });
  return (await service.read(items[0] as OpenedImage)).reading;
}

test('the first model of a kind reads what is of it, on a function without threads, too; the only kind reads all', async () => {
  const both = await InlineRecognizer.start({ models: ['line-recognizer', 'mlp', 'character-cnn'] });
  expect(await readInline(both, line)).toMatchObject({ model: 'line-recognizer', text: 'your merchandise' });
  expect(await readInline(both, sampleImage('digit-2'))).toMatchObject({ model: 'mlp', text: '2' });
  await both.close();
  const characters = await InlineRecognizer.start({ models: ['mlp', 'character-cnn'] });
  expect((await readInline(characters, line)).model).toBe('mlp');
  await characters.close();
});
