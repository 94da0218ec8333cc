import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage } from '../src/images/decode-image.ts';
import { CharacterPredictor } from '../src/reading/character-predictor.ts';
import { Recognizer } from '../src/reading/recognizer.ts';
import { characterErrorRate } from '../src/text/error-rates.ts';
import { samplePage } from './support/sample-page.ts';

/** Scans and photographs of single characters; `upper-A.png` shows an A. */
const images = fileURLToPath(new URL('../data/emnist-sample/images', import.meta.url));
const files = (await readdir(images)).filter((name) => name.endsWith('.png'));
const expectedText = (file: string) => file.at(-5);

/** Lines in fonts and in characters of EMNIST, with their texts. */
const lineImages = fileURLToPath(new URL('../data/line-sample', import.meta.url));
const texts = JSON.parse(await readFile(join(lineImages, 'texts.json'), 'utf8')) as Record<string, string>;

let predictor: CharacterPredictor;
let recognizer: Recognizer;

beforeAll(async () => {
  predictor = await CharacterPredictor.load();
  recognizer = await Recognizer.load({ threads: 1 });
});

afterAll(async () => {
  await predictor?.close();
  await recognizer?.close();
});

test.each(files)('%s', async (file) => {
  const { text, confidence, alternatives } = await predictor.predict(join(images, file));
  expect(text).toBe(expectedText(file));
  expect(confidence).toBeGreaterThan(0.5);
  expect(alternatives.length).toBe(4);
  const all = [confidence, ...alternatives.map((other) => other.confidence)];
  expect(all).toEqual([...all].sort((a, b) => b - a));
  expect(all.reduce((a, b) => a + b)).toBeLessThanOrEqual(1.000001);
});

test.each([
  ['white on black', (image: Sharp) => image.negate({ alpha: false })],
  ['40 pixels wide', (image: Sharp) => image.resize(40)],
  ['900 pixels wide', (image: Sharp) => image.resize(900)],
  ['on a wide sheet', (image: Sharp) => image.extend({ left: 120, right: 120, extendWith: 'copy' })],
  ['as a poor JPEG', (image: Sharp) => image.jpeg({ quality: 40 })],
  ['as WebP', (image: Sharp) => image.webp()],
])('reads them %s', async (_, change) => {
  const wrong: string[] = [];
  for (const file of files) {
    const { text } = await predictor.predict(await change(sharp(join(images, file))).toBuffer());
    if (text !== expectedText(file)) wrong.push(`${file}: ${text}`);
  }
  expect(wrong).toEqual([]);
});

test('takes a path, a URL, bytes and raw pixels alike', async () => {
  const path = join(images, 'digit-7.png');
  const expected = await predictor.predict(path);
  expect(expected.text).toBe('7');
  expect(await predictor.predict(new URL(`file://${path}`))).toEqual(expected);
  expect(await predictor.predict(await readFile(path))).toEqual(expected);
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  expect(await predictor.predict({ data, width, height, channels: channels as 1 | 3 })).toMatchObject({ text: '7' });
});

test('a batch is read as its images are one by one', async () => {
  const names = ['digit-2', 'upper-A', 'lower-e'];
  const decoded = await Promise.all(names.map((name) => decodeImage(join(images, `${name}.png`))));
  const { reader } = predictor;
  const inputs = decoded.map((image) => ({ prepared: reader.prepare(image) }));
  const together = await reader.read(inputs);
  expect(together.map(({ text }) => text)).toEqual(['2', 'A', 'e']);
  for (const [i, input] of inputs.entries()) {
    const [alone] = await reader.read([input]);
    expect(alone.text).toBe(together[i].text);
    expect(alone.confidence).toBeCloseTo(together[i].confidence, 5);
  }
});

test.each(Object.entries(texts))('%s', async (file, text) => {
  expect(await recognizer.read(join(lineImages, file))).toMatchObject({ kind: 'line', text });
});

test.each([
  ['white on black', (image: Sharp) => image.negate({ alpha: false })],
  ['of half the size', (image: Sharp) => image.resize({ height: 32 })],
  ['as a poor JPEG', (image: Sharp) => image.jpeg({ quality: 40 })],
])('reads lines %s', async (_, change) => {
  const read: Record<string, string> = {};
  for (const file of Object.keys(texts)) {
    read[file] = (await recognizer.read(await change(sharp(join(lineImages, file))).toBuffer())).text;
  }
  expect(read).toEqual(texts);
});

test('reads the lines of a sheet in their order', async () => {
  const { lines } = await recognizer.read(await samplePage());
  const references = Object.values(texts);
  expect(lines).toHaveLength(references.length);
  const readings = lines.map(({ text }, i) => ({ reference: references[i], hypothesis: text }));
  expect(characterErrorRate(readings).rate).toBeLessThanOrEqual(0.02);
});
