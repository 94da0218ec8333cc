import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyAffine } from '../images/affine.ts';
import { characterStem } from '../images/character-stem.ts';
import { crop } from '../images/crop.ts';
import { decodeImage } from '../images/decode-image.ts';
import { blankImage, type GrayImage } from '../images/gray-image.ts';
import { padCentered } from '../images/pad.ts';
import { turnBack, turnQuarters } from '../images/quarter-turn.ts';
import { resize } from '../images/resize.ts';
import { bundledLanguageModel } from '../models/bundled-language-model.ts';
import { findContent } from './find-content.ts';
import { flatReading } from './flat-reading.ts';
import { Recognizer } from './recognizer.ts';
import type { Polygon } from './reading.ts';
import { readLanguageModel } from '../text/language-model/read-language-model.ts';

const data = fileURLToPath(new URL('../../data/', import.meta.url));
const digit = `${data}emnist-sample/images/digit-7.png`;
const necklace = `${data}line-sample/laid-down-the-necklace.png`;
const merchandise = `${data}line-sample/your-merchandise.png`;
let recognizer: Recognizer;

beforeAll(async () => {
  recognizer = await Recognizer.load({ threads: 1 });
});

afterAll(() => recognizer.close());

const gray = ({ width, height, data }: GrayImage) => ({ width, height, data, channels: 1 as const });

test('the pages of a document, one after the other', async () => {
  const pages = await Promise.all([digit, merchandise].map((file) => sharp(file).resize(442, 64).png().toBuffer()));
  const tiff = await sharp(pages, { join: { animated: true } })
    .tiff()
    .toBuffer();
  const readings: (string | number | undefined)[][] = [];
  for await (const { page, pages, width } of recognizer.readPages(tiff)) readings.push([page, pages, width]);
  expect(readings).toEqual([
    [1, 2, 442],
    [2, 2, 442],
  ]);
});

test('a line of a page that the rim cuts is marked', async () => {
  const names = ['your-merchandise', 'laid-down-the-necklace', 'their-parties-are-grown-tedious-and-dull'];
  const rows = [...names, 'totaled-more-than-45-of-gdp'].map((name, i) => ({
    input: `${data}line-sample/${name}.png`,
    left: 20,
    top: 18 + 100 * i,
  }));
  const background = { width: 1000, height: 400, channels: 3, background: '#e8e4da' } as const;
  const page = await sharp({ create: background }).composite(rows).png().toBuffer();
  const cutAt = async (top: number) => {
    const picture = await sharp(page)
      .extract({ left: 0, top, width: 1000, height: 400 - top })
      .png()
      .toBuffer();
    return (await recognizer.read(picture, { decoder: 'greedy' })).lines.map(({ cut }) => cut);
  };
  expect(await cutAt(0)).toEqual([undefined, undefined, undefined, undefined]);
  // The first line reaches from 18 to 82.
  expect(await cutAt(50)).toEqual([true, undefined, undefined, undefined]);
});

/** Two lines above each other, on paper that is a little wider. */
async function twoLines(): Promise<GrayImage> {
  const images = await Promise.all([necklace, merchandise].map((file) => decodeImage(file)));
  const width = Math.max(...images.map((image) => image.width)) + 40;
  const rows = images.map((image) => padCentered(image, width, image.height + 20, 255));
  const all = rows.flatMap((row) => Array.from(row.data));
  return { width, height: rows[0].height + rows[1].height, data: Uint8Array.from(all) };
}

/** Squared paper, 6 mm in a photograph of 10 pixels a millimetre, and on it some ink, white on black. */
function squaredPaper(ink?: GrayImage): GrayImage {
  const paper = { width: 400, height: 300, data: new Uint8Array(400 * 300).fill(225) };
  for (let y = 0, i = 0; y < 300; y++) {
    for (let x = 0; x < 400; x++, i++) {
      const dark = ink !== undefined && x >= 150 && x < 250 && y >= 90 && y < 190;
      if (dark) paper.data[i] -= 0.7 * ink.data[(y - 90) * 100 + x - 150];
      if (x % 60 < 2 || y % 60 < 2) paper.data[i] *= 0.6;
    }
  }
  return paper;
}

test('a character on squared paper, and squared paper alone', async () => {
  const ink = resize(characterStem(await decodeImage(digit)), 100, 100, 'bicubic');
  expect(await recognizer.read(gray(squaredPaper(ink)))).toMatchObject({ kind: 'character', text: '7' });
  expect(await recognizer.read(gray(squaredPaper()))).toMatchObject({ kind: 'blank', text: '' });
});

test('a character is a line of one word of one character', async () => {
  const reading = await recognizer.read(digit);
  expect(reading).toMatchObject({ kind: 'character', text: '7', model: 'character-cnn' });
  const [line] = reading.lines;
  const [word] = line.words;
  expect([reading.lines.length, line.text, line.words.length, word.text, word.characters.length]).toEqual([
    1,
    '7',
    1,
    '7',
    1,
  ]);
  expect(word.characters).toEqual(line.characters);
  expect(reading.confidence).toBe(line.characters[0].confidence);
  expect(reading.alternatives).toHaveLength(4);
});

test('where one body of ink may be a letter or a word, the surer of two readers counts', async () => {
  const gdp = await decodeImage(`${data}line-sample/totaled-more-than-45-of-gdp.png`);
  const of = gray(crop(gdp, { left: 500, top: 0, right: 538, bottom: 57 }));
  expect(await recognizer.read(of)).toMatchObject({ kind: 'line', text: 'of', model: 'line-recognizer' });
  expect(await recognizer.read(of, { model: 'character-cnn' })).toMatchObject({ kind: 'character' });
  const desire = await decodeImage(`${data}line-sample/we-desire-to-set-up-a-moral-standard.png`);
  const letter = crop(desire, { left: 534, top: 22, right: 558, bottom: 52 });
  expect([letter, of].map(findContent)).toEqual(['unclear', 'unclear']);
  const a = gray(letter);
  expect(await recognizer.read(a)).toMatchObject({ kind: 'character', text: 'a', model: 'character-cnn' });
});

test('a line is read with the language model, into words with their characters', async () => {
  const reading = await recognizer.read(merchandise);
  expect(reading).toMatchObject({ kind: 'line', text: 'your merchandise', model: 'line-recognizer' });
  const [line] = reading.lines;
  expect(line.words.map(({ text }) => text)).toEqual(['your', 'merchandise']);
  expect(line.words.map(({ characters }) => characters.map(({ text }) => text).join(''))).toEqual([
    'your',
    'merchandise',
  ]);
  expect(line.characters.map(({ text }) => text).join('')).toBe('your merchandise');
  const { characters, words } = flatReading(reading.lines);
  expect(words.map(({ text }) => text)).toEqual(['your', 'merchandise']);
  expect(characters).toHaveLength(16);
  expect(words[1].left).toBeGreaterThan(words[0].right);
});

test('words have what else they may be, from the other readings of the line', async () => {
  const { lines, alternatives } = await recognizer.read(merchandise);
  expect(alternatives.map(({ text }) => text)).toContain('Your merchandise');
  expect(lines[0].words[0].alternatives.map(({ text }) => text)).toContain('Your');
  for (const { confidence, alternatives } of lines[0].words) {
    const sum = alternatives.reduce((total, other) => total + other.confidence, confidence);
    expect(sum).toBeLessThanOrEqual(1 + 1e-9);
  }
});

test.each([undefined, 'character-cnn', 'line-recognizer'])(
  'a blank picture has an empty reading, with the model %s',
  async (model) => {
    const reading = await recognizer.read(gray(blankImage(300, 300, 255)), { model });
    expect(reading).toMatchObject({ kind: 'blank', text: '', confidence: 1, alternatives: [], lines: [] });
  },
);

describe('several lines', () => {
  test('are refused by a model of characters, and where no model finds them', async () => {
    const refusal = { code: 'SEVERAL_LINES', message: expect.stringMatching(/Cut it into its lines/) };
    const page = gray(await twoLines());
    await expect(recognizer.read(page, { model: 'character-cnn' })).rejects.toMatchObject(refusal);
    const withoutFinder = await Recognizer.load({ models: ['line-recognizer'], pageModel: false, threads: 1 });
    await expect(withoutFinder.read(page)).rejects.toMatchObject(refusal);
    await withoutFinder.close();
  });

  test('are found and read by the bundled models, from the top down', async () => {
    const reading = await recognizer.read(gray(await twoLines()));
    expect(reading.kind).toBe('page');
    // Whether the y is a capital is for the line model to say.
    expect(reading.text).toMatch(/ down the necklace\n[Yy]our merchandise$/);
    const tops = reading.lines.map(({ baseline }) => baseline[0][1]);
    expect(tops[1]).toBeGreaterThan(tops[0] + 30);
  });

  test('are found on a page that the rules for ink take for one line', async () => {
    const lines = await Promise.all([necklace, merchandise, necklace].map((file) => decodeImage(file)));
    // Upright rules through all lines join them into one body of ink.
    const page = blankImage(900, 700, 240);
    lines.forEach(({ width, height, data }, i) => {
      for (let y = 0; y < height; y++)
        page.data.set(data.subarray(y * width, (y + 1) * width), (60 + 200 * i + y) * 900 + 60);
    });
    for (let x = 20; x < 900; x += 60) for (let y = 0; y < 700; y++) page.data[y * 900 + x] = 60;
    expect(findContent(page)).not.toBe('lines');
    expect(await recognizer.read(gray(page))).toMatchObject({ kind: 'page', lines: [{}, {}, {}] });
  });

  test('are found by a model that finds lines only', async () => {
    const mistaken = { code: 'MODEL_INVALID' };
    await expect(Recognizer.load({ models: ['page'] })).rejects.toMatchObject(mistaken);
    const finder = await Recognizer.load({ models: ['line-recognizer'], pageModel: 'mlp', threads: 1 });
    await expect(finder.read(gray(await twoLines()))).rejects.toMatchObject(mistaken);
    await finder.close();
  });

  test('are not looked for where one line or one character fills its picture', async () => {
    // A model that cannot find lines is refused when it is asked.
    const finder = await Recognizer.load({ pageModel: 'mlp', threads: 1 });
    expect(await finder.read(necklace)).toMatchObject({ kind: 'line', text: 'laid down the necklace' });
    expect(await finder.read(digit)).toMatchObject({ kind: 'character', text: '7' });
    const line = await decodeImage(necklace);
    const small = gray(padCentered(line, line.width, 6 * line.height, 255));
    await expect(finder.read(small)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    expect(await recognizer.read(small)).toMatchObject({ kind: 'line', text: 'laid down the necklace' });
    await finder.close();
  });

  test.each([1, 2, 3] as const)(
    'are read on a page that was turned by %i quarters, in its own pixels',
    async (turns) => {
      const upright = await twoLines();
      const wanted = await recognizer.read(gray(upright));
      const turned = turnQuarters(upright, turns);
      const reading = await recognizer.read(gray(turned));
      expect(reading).toMatchObject({ kind: 'page', text: wanted.text, width: turned.width, height: turned.height });
      for (const [i, { polygon }] of reading.lines.entries()) {
        for (const [k, corner] of polygon.entries()) {
          const [x, y] = applyAffine(turnBack(upright, turns), corner);
          const [wantedX, wantedY] = wanted.lines[i].polygon[k];
          expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(4);
        }
      }
    },
  );

  test('are read where they are found, each in its place', async () => {
    const page = await twoLines();
    const half = (await decodeImage(necklace)).height + 20;
    const polygon = (top: number, bottom: number): Polygon => [
      [0, top],
      [page.width, top],
      [page.width, bottom],
      [0, bottom],
    ];
    const finder = await Recognizer.load({
      threads: 1,
      findLines: () => [polygon(0, half), polygon(half, page.height)],
    });
    const reading = await finder.read(gray(page));
    expect(reading).toMatchObject({
      kind: 'page',
      text: expect.stringMatching(/ down the necklace\n[yY]our merchandise$/),
      alternatives: [],
    });
    expect(reading.confidence).toBeCloseTo(reading.lines[0].confidence * reading.lines[1].confidence, 9);
    for (const [i, line] of reading.lines.entries()) {
      const ys = line.words.flatMap((word) => word.polygon.map(([, y]) => y));
      expect(Math.min(...ys)).toBeGreaterThanOrEqual(i * half);
      expect(Math.max(...ys)).toBeLessThanOrEqual((i + 1) * half);
    }
    await finder.close();
  });
});

describe('rules', () => {
  test('a line keeps to a set of characters, a pattern or a list', async () => {
    const capitals = await recognizer.read(necklace, { characters: 'A-Z ' });
    expect(capitals.text).toMatch(/^[A-Z ]+$/);
    const digits = await recognizer.read(necklace, { pattern: '\\d{3}' });
    expect(digits.text).toMatch(/^\d{3}$/);
    expect(digits.confidence).toBeLessThan(0.01);
    const words = ['laid down the law', 'laid down the necklace'];
    expect((await recognizer.read(necklace, { words })).text).toBe('laid down the necklace');
  });

  test('likely words are expected, others are read as well', async () => {
    const { text } = await recognizer.read(necklace, { likelyWords: ['Neckarlache', 'merchandise'] });
    expect(text).toBe('laid down the necklace');
  });

  test('a character keeps to them, too', async () => {
    const reading = await recognizer.read(digit, { characters: 'A-Z' });
    expect(reading.text).toMatch(/^[A-Z]$/);
    expect(reading.alternatives.every(({ text }) => /^[A-Z]$/.test(text))).toBe(true);
    expect(await recognizer.read(digit, { pattern: '[A-Z]{2}' })).toMatchObject({ text: '', confidence: 0 });
  });

  test('those that cannot be kept are refused', async () => {
    await expect(recognizer.read(necklace, { pattern: '(' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(recognizer.read(necklace, { pattern: 'a', decoder: 'greedy' })).rejects.toThrow(
      /"greedy" knows no rules/,
    );
    const open = { likelyWords: ['a'], decoder: 'beam' } as const;
    await expect(recognizer.read(necklace, open)).rejects.toThrow(/Likely words need a language model/);
  });
});

test('the first model of a kind reads what is of it; where there is none, the first reads all', async () => {
  const characters = await Recognizer.load({ models: ['mlp', 'character-cnn'], threads: 1 });
  expect(await characters.read(digit)).toMatchObject({ model: 'mlp', text: '7' });
  expect(await characters.read(merchandise)).toMatchObject({ model: 'mlp', kind: 'character' });
  expect(await characters.read(digit, { model: 'character-cnn' })).toMatchObject({ model: 'character-cnn' });
  await characters.close();
});

test('what is not there is named', async () => {
  await expect(recognizer.read(digit, { model: 'mlp' })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    message: "There is no model 'mlp' here; there is character-cnn, line-recognizer.",
  });
  await expect(recognizer.read(digit, { decoder: 'lm' })).rejects.toMatchObject({
    code: 'UNSUPPORTED_DECODER',
    message: "The model 'character-cnn' does not decode with 'lm' here; ask for greedy.",
  });
  await expect(Recognizer.load({ models: ['mlp', 'nope'] })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('a language model that is missing or has one byte changed is refused by name, where it is read ahead', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'language-model-'));
  const file = join(folder, 'language-model.bin');
  const load = () => Recognizer.load({ models: ['line-recognizer'], languageModel: file, preload: true });
  const named = expect.stringMatching(new RegExp(`${file}.*TEXT_RECOGNIZER_LANGUAGE_MODEL=no`));
  try {
    await expect(load()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', message: named });
    const bytes = readFileSync(bundledLanguageModel);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    await expect(load()).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', message: named });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('one language model serves all models of lines', async () => {
  let reads = 0;
  const languageModel = async () => {
    reads++;
    return await readLanguageModel(bundledLanguageModel);
  };
  const models = ['line-recognizer', 'line-recognizer-open'];
  const several = await Recognizer.load({ models, languageModel, preload: true, threads: 1 });
  for (const model of models) expect((await several.read(merchandise, { model })).text).toBe('your merchandise');
  expect(reads).toBe(1);
  await several.close();
});

test('without a language model there is no decoder for it', async () => {
  const greedy = await Recognizer.load({ models: ['line-recognizer'], languageModel: false, threads: 1 });
  const [reader] = await greedy.readers();
  expect(reader.decoders).toEqual(['greedy', 'beam']);
  expect(await greedy.read(merchandise)).toMatchObject({ text: 'your merchandise', alternatives: [] });
  await greedy.close();
});
