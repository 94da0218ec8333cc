import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Polygon } from './reading.ts';
import { saveUntrainedLineModel } from '../tasks/line/testing/untrained-line-model.ts';
import { lineAlphabet } from '../text/line-alphabet.ts';
import { CharacterPredictor } from './character-predictor.ts';
import { LinePredictor } from './line-predictor.ts';
import { readModel } from '../models/model-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'line-predictor-'));
let predictor: LinePredictor;

/** A model that has learned nothing, but whose every word is the letter a: its bias says so. */
beforeAll(async () => {
  await saveUntrainedLineModel(folder, 'says-a', (weights) => {
    weights.get('logits.weight')!.fill(0);
    // The first frame of each step says a, the second blank.
    const bias = weights.get('logits.bias')!;
    bias[lineAlphabet.encode('a')[0]] = 9;
    bias[lineAlphabet.size] = 9;
  });
  predictor = await LinePredictor.load({ model: folder, threads: 1 });
});

afterAll(() => predictor.close());

/** Dark bars on paper: 20 pixels wide, from x = 60 on, one every 40 pixels. */
function bars(width: number, height: number) {
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isInk = x >= 60 && x < width - 60 && (x - 60) % 40 < 20 && y > height / 4 && y < (3 * height) / 4;
    return isInk ? 30 : 235;
  });
  return { width, height, data };
}

const leftOf = (polygon: Polygon) => Math.min(...polygon.map(([x]) => x));
const rightOf = (polygon: Polygon) => Math.max(...polygon.map(([x]) => x));

test('reads an image of any size, and says where in it each character stands', async () => {
  const { text, characters, words, confidence, polygon } = await predictor.predictGray(bars(600, 90));
  expect(text).toMatch(/^a+$/);
  expect(characters.map((part) => part.text).join('')).toBe(text);
  expect(confidence).toBeGreaterThan(0);
  // The first bar begins at 60, the last one ends at 520.
  const [first, last] = [characters[0].polygon, characters.at(-1)!.polygon];
  expect(leftOf(first)).toBeCloseTo(60, 0);
  expect(rightOf(last)).toBeCloseTo(520, 0);
  for (let i = 1; i < characters.length; i++) {
    expect(leftOf(characters[i].polygon)).toBeCloseTo(rightOf(characters[i - 1].polygon), 6);
  }
  expect(words).toHaveLength(1);
  expect(words[0]).toMatchObject({ text, polygon, characters });
  expect([leftOf(polygon), rightOf(polygon)]).toEqual([leftOf(first), rightOf(last)]);
});

test('decodes with a beam, which gives no other readings where none comes near', async () => {
  const { text, confidence, alternatives } = await predictor.predictGray(bars(300, 64), { decoder: 'beam' });
  expect(text).toMatch(/^a+$/);
  expect(confidence).toBeCloseTo(1, 3);
  expect(alternatives).toEqual([]);
});

test('decodes greedily by default, having been fitted to no language model', async () => {
  const image = bars(300, 64);
  expect(await predictor.predictGray(image)).toEqual(await predictor.predictGray(image, { decoder: 'greedy' }));
});

test('a line model is no character model', async () => {
  await expect(CharacterPredictor.load({ model: folder })).rejects.toThrow("'says-a' reads lines, not characters");
});

test('opens a model that was read already, without its folder', async () => {
  const stored = await readModel(folder);
  const nowhere = await LinePredictor.open(stored, { model: join(folder, 'gone'), threads: 1 });
  const image = bars(300, 64);
  expect(await nowhere.predictGray(image)).toEqual(await predictor.predictGray(image));
  await nowhere.close();
  await expect(CharacterPredictor.open(stored)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

test('its folder holds a card that was made from the manifest', () => {
  const card = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(card).toContain('# says-a');
  expect(card).toContain('one line of handwriting, 125 characters');
});
