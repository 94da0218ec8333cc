import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TextRecognizerClient } from '../../client/text-recognizer-client.ts';
import {
  answerOf,
  formOf,
  json,
  raw,
  type RunningServer,
  runServer,
  sampleDataUrl,
  sampleImage,
} from '../testing/run-server.ts';

const file = fileURLToPath(new URL('../../../data/line-sample/laid-down-the-necklace.png', import.meta.url));
const necklace = new Uint8Array(readFileSync(file));
const dataUrl = `data:image/png;base64,${Buffer.from(necklace).toString('base64')}`;
const words = ['laid down the law', 'laid down the necklace'];
let server: RunningServer;

beforeAll(async () => {
  server = await runServer({}, { models: ['character-cnn', 'line-recognizer'] });
});
afterAll(() => server.close());

const ask = async (path: string, init: RequestInit) => await fetch(`${server.url}${path}`, init);
const form = (fields: Readonly<Record<string, string>>): RequestInit => {
  const body = formOf(necklace);
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return { method: 'POST', body };
};
const query = (fields: Readonly<Record<string, string>>) => `/v1/predict?${new URLSearchParams(fields)}`;

test.each<[string, string, RequestInit, RegExp]>([
  ['characters in the query', query({ characters: 'A-Z ' }), raw(necklace), /^[A-Z ]+$/],
  ['a pattern in the query', query({ pattern: '\\d{3}' }), raw(necklace), /^\d{3}$/],
  ['words in the query', query({ words: words.join('\n') }), raw(necklace), /^laid down the necklace$/],
  ['a pattern in JSON', '/v1/predict', json({ image: dataUrl, pattern: '\\d{3}' }), /^\d{3}$/],
  ['a list in JSON', '/v1/predict', json({ image: dataUrl, words: ['12', 'a law'] }), /^(12|a law)$/],
  ['lines in JSON', '/v1/predict', json({ image: dataUrl, words: '12\n\na law\n' }), /^(12|a law)$/],
  ['lines in a form', '/v1/predict', form({ words: '12\na law' }), /^(12|a law)$/],
  ['likely words in a form', '/v1/predict', form({ likelyWords: 'necklace' }), /^laid down the necklace$/],
])('%s', async (_, path, init, expected) => {
  const response = await ask(path, init);
  const answer = await answerOf(response);
  expect([response.status, answer.pred]).toEqual([200, expect.stringMatching(expected)]);
});

test('a character keeps to rules with characters that its model does not know', async () => {
  const answer = await answerOf(await ask(query({ characters: '0-9.,€' }), raw(sampleImage('digit-7'))));
  expect(answer).toMatchObject({ pred: '7', kind: 'character' });
  const none = await answerOf(await ask(query({ words: 'Zürich\nBern' }), raw(sampleImage('digit-7'))));
  expect(none).toMatchObject({ pred: '', conf: 0 });
});

test('lists too long for an address are sent by the client all the same', async () => {
  const client = new TextRecognizerClient(server.url);
  const many = Array.from({ length: 4000 }, (_, i) => `entry ${i}`);
  const rules = { words: [...many, 'laid down the necklace'] };
  expect(await client.predict(necklace, rules)).toMatchObject({ pred: 'laid down the necklace' });
  const [first, second] = await client.predictBatch([necklace, sampleImage('digit-7')], { characters: '0-9' });
  expect(first).toMatchObject({ pred: expect.stringMatching(/^\d+$/) });
  expect(second).toMatchObject({ pred: '7' });
});

describe('is refused with 400', () => {
  const long = 'x'.repeat(99_999);
  test.each<[string, string, RequestInit, RegExp]>([
    ['a pattern that is none', query({ pattern: '(' }), raw(necklace), /Unterminated group/],
    [
      'a pattern that grows without end',
      query({ pattern: '(?:a|b)*a(?:a|b){20}' }),
      raw(necklace),
      /more than 2000 states/,
    ],
    ['a range that runs backwards', query({ characters: '9-0' }), raw(sampleImage('digit-7')), /runs backwards/],
    ['an empty list', '/v1/predict', json({ image: dataUrl, words: [] }), /one entry a line/],
    ['a list of numbers', '/v1/predict', json({ image: dataUrl, words: [1] }), /must be a list of strings/],
    ['a word that cannot be read', '/v1/predict', json({ image: dataUrl, words: ['Ω'] }), /lacks "Ω"/],
    [
      'too many words',
      '/v1/predict',
      json({ image: dataUrl, words: Array.from({ length: 10_001 }, () => 'a') }),
      /at most 10000 entries; it has 10001/,
    ],
    ['words that are too long', '/v1/predict', form({ words: `${long}\nab` }), /at most 100000 characters/],
    ['a field that is too long', '/v1/predict', form({ words: long.repeat(5) }), /more than 400000 bytes/],
    ['a pattern that is too long', '/v1/predict', json({ image: dataUrl, pattern: 'a'.repeat(1001) }), /at most 1000/],
    ['both a pattern and words', query({ pattern: 'a', words: 'a' }), raw(necklace), /not both/],
    [
      'a decoder without rules',
      query({ characters: 'a', decoder: 'greedy' }),
      raw(necklace),
      /"greedy" knows no rules/,
    ],
    ['a decoder without words', query({ likelyWords: 'a', decoder: 'beam' }), raw(necklace), /need a language model/],
    [
      'what contradicts the query',
      query({ pattern: 'a' }),
      json({ image: dataUrl, pattern: 'b' }),
      /is a in the query and b/,
    ],
    [
      'a batch with such a pattern',
      '/v1/predict/batch?pattern=(',
      json({ images: [sampleDataUrl('digit-7')] }),
      /Unterminated/,
    ],
  ])('%s', async (_, path, init, detail) => {
    const response = await ask(path, init);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'INVALID_REQUEST', detail: expect.stringMatching(detail) },
    ]);
  });
});

test('rules of one request do not disturb others in the same batch', async () => {
  const bad = query({ pattern: '[' });
  const asked = Array.from({ length: 8 }, (_, i) => ask(i % 2 === 0 ? bad : '/v1/predict', raw(necklace)));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses).toEqual([400, 200, 400, 200, 400, 200, 400, 200]);
});
