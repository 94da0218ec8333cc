import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Adapter, encodeAdapter } from '../models/adapter.ts';
import { readModel } from '../models/model-store.ts';
import { RecognizerPool } from '../server/pool/recognizer-pool.ts';
import { saveUntrainedLineModel } from '../tasks/line/testing/untrained-line-model.ts';
import { lineAlphabet } from '../text/line-alphabet.ts';
import { LinePredictor } from './line-predictor.ts';
import { Recognizer } from './recognizer.ts';

const folder = mkdtempSync(join(tmpdir(), 'adapted-'));
const [model, mine, hers] = ['says-a', 'mine.safetensors', 'hers.safetensors'].map((name) => join(folder, name));

/** Three upright strokes on paper. */
const strokes = {
  width: 240,
  height: 80,
  data: Uint8Array.from({ length: 240 * 80 }, (_, i) =>
    i % 80 > 30 && i % 80 < 40 && i > 2400 && i < 16_000 ? 30 : 235,
  ),
};

/** A model whose every word is the letter a, and an adapter that makes another letter of it. */
beforeAll(async () => {
  await saveUntrainedLineModel(model, 'says-a', (weights) => {
    weights.get('logits.weight')!.fill(0);
    const bias = weights.get('logits.bias')!;
    bias[lineAlphabet.encode('a')[0]] = 9;
    bias[lineAlphabet.size] = 9;
  });
  await writeAdapter(mine, 'my-hand', 'b');
  await writeAdapter(hers, 'her-hand', 'c');
});

afterAll(() => rm(folder, { recursive: true }));

async function writeAdapter(path: string, name: string, letter: string, about: Partial<Adapter['about']> = {}) {
  const { manifest } = await readModel(model);
  const bias = new Float32Array(2 * lineAlphabet.size);
  bias[lineAlphabet.encode('a')[0]] = -9;
  bias[lineAlphabet.encode(letter)[0]] = 9;
  const adapter: Adapter = {
    about: {
      format: 1,
      name,
      base: { name: manifest.name, sha256: manifest.file.sha256 },
      licence: 'MIT',
      data: [{ name: 'letters', lines: 16, licence: 'CC0' }],
      recipe: {},
      date: '2026-11-28',
      others: {},
      ...about,
    },
    differences: new Map([['logits.bias', bias]]),
  };
  await writeFile(path, encodeAdapter(adapter));
}

const distinct = (text: string): string => [...new Set(text.replaceAll(' ', ''))].join('');

test('the first adapter reads lines, the others and the model itself read where they are named', async () => {
  const recognizer = await Recognizer.load({ models: [model], adapters: [mine, hers], pageModel: false, threads: 1 });
  const letterBy = async (name?: string) => {
    const reading = await recognizer.read(strokes, { model: name, decoder: 'greedy' });
    return [reading.model, distinct(reading.text)];
  };
  expect(await letterBy()).toEqual(['my-hand', 'b']);
  expect(await letterBy('her-hand')).toEqual(['her-hand', 'c']);
  expect(await letterBy('says-a')).toEqual(['says-a', 'a']);
  await recognizer.close();
});

test('a predictor reads with the adapter, and without it as before', async () => {
  for (const [adapter, letter] of [
    [mine, 'b'],
    [undefined, 'a'],
  ] as const) {
    const predictor = await LinePredictor.load({ model, adapter, threads: 1 });
    expect(distinct((await predictor.predictGray(strokes, { decoder: 'greedy' })).text)).toBe(letter);
    await predictor.close();
  }
});

test('a service serves an adapter as a model of its own', async () => {
  const pool = await RecognizerPool.start({ models: ['mlp', model], adapters: [mine], workers: 1 });
  expect(pool.models.map(({ manifest }) => manifest.name)).toEqual(['mlp', 'my-hand', 'says-a']);
  await pool.close();
});

test.each([
  [
    'of another model',
    async (path: string) => await writeAdapter(path, 'x', 'b', { base: { name: 'says-a', sha256: 'b'.repeat(64) } }),
    'INVALID_ARGUMENT',
  ],
  ['with the name of a model', async (path: string) => await writeAdapter(path, 'says-a', 'b'), 'INVALID_ARGUMENT'],
  ['that is missing', async () => {}, 'FILE_NOT_FOUND'],
  ['that is empty', async (path: string) => await writeFile(path, ''), 'FILE_CORRUPT'],
  ['of two megabytes', async (path: string) => await writeFile(path, Buffer.alloc(2_000_000)), 'FILE_CORRUPT'],
])('an adapter is refused %s', async (name, write, code) => {
  const path = join(folder, `${name}.safetensors`);
  await write(path);
  await expect(Recognizer.load({ models: [model], adapters: [path], pageModel: false })).rejects.toThrow(
    expect.objectContaining({ code }),
  );
});

test('a folder is no adapter', async () => {
  await expect(LinePredictor.load({ model, adapter: folder })).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
  );
});

test('a model of characters has no adapter', async () => {
  await expect(Recognizer.load({ models: ['mlp'], adapters: [mine], pageModel: false })).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining("not to 'mlp'") }),
  );
});
