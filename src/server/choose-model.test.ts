import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InlineService } from './inline-service.ts';
import type { OpenedImage } from './open-body.ts';
import { answerOf, formOf, raw, runServer, sampleImage, type RunningServer } from './testing/run-server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await runServer({ docs: true }, { models: ['character-cnn', 'mlp', 'line-recognizer'] });
});

afterAll(() => server.close());

/** A dark bar on paper, as the bytes of a PNG or JPEG. */
async function bar(width: number, height: number, exifOrientation?: number): Promise<Uint8Array<ArrayBuffer>> {
  const ink = { width: Math.ceil(width / 2), height: Math.ceil(height / 2), channels: 3, background: '#222' } as const;
  const paper = sharp({ create: { width, height, channels: 3, background: '#eee' } });
  const image = paper.composite([{ input: { create: ink } }]);
  const encoded =
    exifOrientation === undefined ? image.png() : image.withMetadata({ orientation: exifOrientation }).jpeg();
  return new Uint8Array(await encoded.toBuffer());
}

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

test('an image without a model is read by the model for its shape', async () => {
  expect(await post(sampleImage('digit-2'))).toMatchObject({ status: 200, pred: '2', model: 'character-cnn' });
  expect(await post(await bar(200, 100))).toMatchObject({ model: 'character-cnn' });
  expect(await post(await bar(201, 100))).toMatchObject({ model: 'line-recognizer' });
  // Turned by a quarter, as cameras save it.
  expect(await post(await bar(300, 100, 6))).toMatchObject({ model: 'character-cnn' });
  expect(await post(await bar(100, 300, 6))).toMatchObject({ model: 'line-recognizer' });
});

test('so is each image of a batch', async () => {
  const images = [await bar(300, 60), sampleImage('digit-7'), Uint8Array.of(1), await bar(400, 60)];
  const form = formOf(...images.map((image) => new Uint8Array(image)));
  const { predictions } = await answerOf(await fetch(`${server.url}/v1/predict/batch`, { method: 'POST', body: form }));
  expect(predictions).toMatchObject([
    { model: 'line-recognizer' },
    { model: 'character-cnn', pred: '7' },
    { error: { code: 'UNSUPPORTED_IMAGE' } },
    { model: 'line-recognizer' },
  ]);
});

test('a model that is named reads any shape', async () => {
  const line = await bar(300, 60);
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
  const file = fileURLToPath(new URL('../../data/line-sample/blanche-comme-une-statue-de-cire.png', import.meta.url));
  const line = new Uint8Array(await readFile(file));
  const [plain, lm, greedy] = [await post(line), await post(line, '?decoder=lm'), await post(line, '?decoder=greedy')];
  expect(plain).toMatchObject({ pred: 'blanche comme une statue de cire.', alternatives: lm.alternatives });
  expect(lm.alternatives).not.toEqual([]);
  expect(greedy.alternatives).toEqual([]);
});

test('a decoder must be one of the model for the shape', async () => {
  expect(await post(await bar(300, 60), '?decoder=beam')).toMatchObject({ status: 200, model: 'line-recognizer' });
  expect(await post(sampleImage('digit-2'), '?decoder=beam')).toMatchObject({
    status: 422,
    code: 'UNSUPPORTED_DECODER',
  });
});

test('an image whose header says nothing is a problem', async () => {
  const cut = (await bar(300, 60)).slice(0, 20);
  expect(await post(cut)).toMatchObject({ status: 422, code: 'INVALID_IMAGE' });
  expect(await post(Uint8Array.of(1, 2, 3))).toMatchObject({ status: 415, code: 'UNSUPPORTED_IMAGE' });
});

test('the API says how the model is chosen', async () => {
  const text = await (await fetch(`${server.url}/openapi.json`)).text();
  expect(text).toContain('line-recognizer for an image more than twice as wide as high, else character-cnn');
});

async function predictInline(service: InlineService, file: Uint8Array<ArrayBuffer>) {
  const { items } = await service.open({ kind: 'files', files: [[file]] }, { images: 'one', maxBytes: 2 ** 20 });
  return await service.predict(items[0] as OpenedImage);
}

test('where another model comes first, or one of the two is missing, the first reads every image', async () => {
  const line = await bar(300, 60);
  for (const models of [
    ['mlp', 'character-cnn', 'line-recognizer'],
    ['character-cnn', 'mlp'],
  ]) {
    const service = await InlineService.start(models);
    expect((await predictInline(service, line)).model.name).toBe(models[0]);
    await service.close();
  }
});

test('a function without threads chooses alike', async () => {
  const service = await InlineService.start(['line-recognizer', 'character-cnn']);
  expect((await predictInline(service, await bar(300, 60))).model.name).toBe('line-recognizer');
  expect(await predictInline(service, sampleImage('digit-2'))).toMatchObject({
    model: { name: 'character-cnn' },
    reading: { text: '2' },
  });
  await service.close();
});
