import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TextRecognizerClient } from '../../client/text-recognizer-client.ts';
import { encodePng } from '../../images/testing/encode-png.ts';
import { saveUntrainedLineModel } from '../../tasks/line/testing/untrained-line-model.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import { Random } from '../../random/random.ts';
import { type FlatPart, flatReading } from '../../reading/flat-reading.ts';
import { lineDecoders } from '../../text/decode-line.ts';
import { answerOf, json, raw, runServer, sampleImage, type RunningServer } from '../testing/run-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'line-reader-'));
let server: RunningServer;
let recognizer: Recognizer;

beforeAll(async () => {
  // It has learned nothing, but is sure of what it says, which differs from image to image.
  await saveUntrainedLineModel(folder, 'babbles', (weights) => {
    const matrix = weights.get('logits.weight')!;
    matrix.forEach((weight, i) => (matrix[i] = 20 * weight));
  });
  recognizer = await Recognizer.load({ models: [folder], threads: 1 });
  server = await runServer({}, { models: ['mlp', folder], maxBatch: 8, maxDelayMs: 50 });
});

afterAll(async () => {
  await Promise.all([recognizer.close(), server.close()]);
  await rm(folder, { recursive: true });
});

/** Dark strokes at random places on paper, as the bytes of a PNG. */
async function scribble(width: number, seed: number): Promise<Uint8Array<ArrayBuffer>> {
  const random = Random.of(seed);
  const data = new Uint8Array(width * 90).fill(235);
  for (let x = 10; x < width - 14; x += 4 + random.below(12)) {
    for (let y = 10 + random.below(30); y < 80 - random.below(30); y++) data.fill(30, y * width + x, y * width + x + 3);
  }
  return new Uint8Array(await encodePng({ width, height: 90, data }));
}

const at = (query: string): string => `${server.url}/v1/predict?model=babbles${query}`;

test.each(lineDecoders)('a line is read as the recognizer reads it, with the decoder %s', async (decoder) => {
  const image = await scribble(400, 1);
  const expected = await recognizer.read(image, { decoder });
  expect(expected.text.length).toBeGreaterThan(5);
  const response = await fetch(at(`&decoder=${decoder}`), raw(image));
  expect(response.status).toBe(200);
  const answer = await answerOf(response);
  expect(answer).toMatchObject({ pred: expected.text, model: 'babbles' });
  expect(answer.conf).toBeCloseTo(expected.confidence, 6);
  expect(answer.alternatives.map(({ text }) => text)).toEqual(expected.alternatives.map(({ text }) => text));
  expect(answer.alternatives).toHaveLength(decoder === 'greedy' ? 0 : 4);
  const { characters, words } = flatReading(expected.lines);
  const share = ({ text, left, right }: FlatPart) => ({
    text,
    start: expect.closeTo(left / 400, 6),
    end: expect.closeTo(right / 400, 6),
  });
  expect(answer.characters).toMatchObject(characters.map(share));
  expect(answer.words).toMatchObject(words.map(share));
});

test('lines of several widths that come together are each read as alone, whatever decoder each asks for', async () => {
  const widths = [300, 900, 300, 520, 900, 300, 320, 1500];
  const images = await Promise.all(widths.map((width, i) => scribble(width, 10 + i)));
  const decoderOf = (i: number) => lineDecoders[i % 2];
  const alone = [];
  for (const [i, image] of images.entries()) alone.push(await recognizer.read(image, { decoder: decoderOf(i) }));
  expect(new Set(alone.map(({ text }) => text)).size).toBe(8);
  const asked = images.map(async (image, i) => await answerOf(await fetch(at(`&decoder=${decoderOf(i)}`), raw(image))));
  const together = await Promise.all(asked);
  expect(together.map(({ pred }) => pred)).toEqual(alone.map(({ text }) => text));
  expect(Math.max(...together.map(({ timing }) => timing.batch))).toBeGreaterThan(2);
});

test('the client and a batch choose the decoder, too', async () => {
  const client = new TextRecognizerClient(server.url);
  const image = await scribble(300, 2);
  const { text, alternatives } = await recognizer.read(image, { decoder: 'beam' });
  const choice = { model: 'babbles', decoder: 'beam' } as const;
  expect(await client.predict(image, choice)).toMatchObject({ pred: text });
  const [first, second] = await client.predictBatch([image, Uint8Array.of(1)], choice);
  expect(first).toMatchObject({ pred: text, alternatives: alternatives.map((other) => ({ text: other.text })) });
  expect(second).toMatchObject({ error: { code: 'UNSUPPORTED_IMAGE' } });
});

test('the models say what they read and how they decode', async () => {
  const answer = await answerOf(await fetch(`${server.url}/v1/models`));
  expect(answer.models).toMatchObject([
    { name: 'mlp', kind: 'character', decoders: ['greedy'] },
    { name: 'babbles', kind: 'line', decoders: ['greedy', 'beam', 'lm'] },
  ]);
});

test.each<[string, string, RequestInit, number, string]>([
  ['an unknown decoder', '/v1/predict?decoder=best', raw(sampleImage('digit-2')), 400, 'INVALID_REQUEST'],
  ['an unknown decoder for a batch', '/v1/predict/batch?decoder=best', json({ images: ['a'] }), 400, 'INVALID_REQUEST'],
  ['an unknown decoder for an address', '/v1/predict?image_url=http://a.org/&decoder=', {}, 400, 'INVALID_REQUEST'],
  ['two decoders', '/v1/predict?decoder=beam&decoder=lm', raw(sampleImage('digit-2')), 400, 'INVALID_REQUEST'],
  ['a beam for characters', '/v1/predict?decoder=beam', raw(sampleImage('digit-2')), 422, 'UNSUPPORTED_DECODER'],
  [
    'a language model for a batch of characters',
    '/v1/predict/batch?model=mlp&decoder=lm',
    json({ images: ['data:;base64,AAAA'] }),
    422,
    'UNSUPPORTED_DECODER',
  ],
])('%s is refused as a problem', async (_, path, init, status, code) => {
  const response = await fetch(server.url + path, init);
  expect([response.status, (await answerOf(response)).code]).toEqual([status, code]);
});

test('paper without ink is answered, and what is large or broken is a problem', async () => {
  const paper = new Uint8Array(await encodePng({ width: 300, height: 64, data: new Uint8Array(300 * 64).fill(250) }));
  const empty = await fetch(at(''), raw(paper));
  expect(empty.status).toBe(200);
  const cut = (await scribble(300, 3)).slice(0, 200);
  expect((await answerOf(await fetch(at(''), raw(cut)))).code).toBe('INVALID_IMAGE');
  const large = await fetch(at(''), raw(new Uint8Array(16 * 2 ** 20 + 1)));
  expect([large.status, (await answerOf(large)).code]).toEqual([413, 'IMAGE_TOO_LARGE']);
});
