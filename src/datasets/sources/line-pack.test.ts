import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../../errors.ts';
import { readLinePack, writeLinePack } from './line-pack.ts';
import { linesFromImages } from '../lines/memory-lines.ts';

const first = { off: 0, w: 3, h: 2, id: 'a', text: 'Ab' };
const second = { off: 6, w: 1, h: 2, id: 'b', text: 'e\u0301', writer: '7', form: 'a01-003' };
const words = { tokens: ['A', '?', 'b'], wordx: [[0, 1], null, [2, 1]] };
const word = (text: string, x: number) => ({ text, x, width: 1 });
const pixels = [255, 0, 255, 254, 1, 255, 10, 20];

async function pack(index: unknown, bytes: Uint8Array | number[] = pixels, gzipped = gzipSync(Uint8Array.from(bytes))) {
  const prefix = join(await mkdtemp(join(tmpdir(), 'pack-')), 'some');
  await writeFile(`${prefix}.json.gz`, gzipSync(typeof index === 'string' ? index : JSON.stringify(index)));
  await writeFile(`${prefix}.bin.gz`, gzipped);
  return prefix;
}

const index = (...lines: object[]) => ({ licence: 'CC0', count: lines.length, lines });

async function failure(prefix: string) {
  const error = await readLinePack(prefix).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TextRecognizerError);
  return error as TextRecognizerError;
}

test('reads pixels as white ink on black, texts as NFC, forms as pages', async () => {
  const { licence, dataset } = await readLinePack(await pack(index({ ...first, ...words }, second)));
  expect(licence).toBe('CC0');
  expect([dataset.name, dataset.length, dataset.height, [0, 1].map((i) => dataset.width(i))]).toEqual([
    'some',
    2,
    2,
    [3, 1],
  ]);
  expect([...dataset.image(0).data]).toEqual([0, 255, 0, 1, 254, 0]);
  expect([...dataset.image(1).data]).toEqual([245, 235]);
  expect(dataset.lines).toEqual([
    { id: 'a', text: 'Ab', words: [word('A', 0), word('b', 2)] },
    { id: 'b', text: '\u00e9', writer: '7', page: 'a01-003' },
  ]);
});

test('writes what it reads, paper as 255', async () => {
  const { dataset } = await readLinePack(await pack(index({ ...first, ...words }, second)));
  const prefix = await pack(index());
  await writeLinePack(prefix, dataset, 'CC0');
  expect([...gunzipSync(await readFile(`${prefix}.bin.gz`))]).toEqual(pixels);
  const again = await readLinePack(prefix);
  expect(again.dataset.lines).toEqual(dataset.lines);
  expect([...again.dataset.image(1).data]).toEqual([245, 235]);
});

test('lines of two heights cannot be one dataset', () => {
  const images = [
    { width: 1, height: 1, data: new Uint8Array(1) },
    { width: 1, height: 2, data: new Uint8Array(2) },
  ];
  const infos = [
    { id: 'a', text: 'a' },
    { id: 'b', text: 'b' },
  ];
  expect(() => linesFromImages('odd', images, infos)).toThrow(/line 1 is 2 pixels high, the others 1/);
});

test.each([
  ['no lines', index(), 'DATASET_INVALID', /no lines/],
  ['a wrong count', { ...index(first), count: 2 }, 'DATASET_INVALID', /count is 2, but there are 1/],
  ['two heights', index(first, { ...second, h: 1 }), 'DATASET_INVALID', /line b is 1 pixels high/],
  ['a repeated id', index(first, { ...second, id: 'a' }), 'DATASET_INVALID', /id a is given to two/],
  ['no width', index({ ...first, w: 0 }), 'DATASET_INVALID', /lines\.0\.w/],
  ['a negative offset', index({ ...first, off: -6 }), 'DATASET_INVALID', /lines\.0\.off/],
  ['an empty text', index({ ...first, text: '' }), 'DATASET_INVALID', /lines\.0\.text/],
  ['words without tokens', index({ ...first, wordx: [[0, 1]] }), 'DATASET_INVALID', /1 word places for 0 tokens/],
  ['a list', [], 'DATASET_INVALID', /is not the index of a pack/],
  ['broken JSON', '{"licence":', 'FILE_CORRUPT', /not JSON in gzip/],
  ['too many pixels', index(first), 'FILE_CORRUPT', /holds 8 bytes of pixels; its index speaks of 6/],
  [
    'too few pixels',
    index(first, { ...second, w: 9 }),
    'FILE_CORRUPT',
    /holds 8 bytes of pixels; its index speaks of 24/,
  ],
])('refuses %s', async (_, content, code, message) => {
  const error = await failure(await pack(content));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

test('refuses missing, cut and foreign files', async () => {
  expect((await failure('/nowhere/pack')).code).toBe('FILE_NOT_FOUND');
  const cut = await failure(await pack(index(first), [], gzipSync(Uint8Array.from(pixels)).subarray(0, 12)));
  expect([cut.code, cut.message]).toEqual(['FILE_CORRUPT', expect.stringMatching(/cannot be unpacked/)]);
  const plain = await failure(await pack(index(first), [], Buffer.from('plain text')));
  expect(plain.code).toBe('FILE_CORRUPT');
});
