import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { drawnLines, linesFromImages } from '../../../datasets/lines/memory-lines.ts';
import { openDataset } from '../../../datasets/registry.ts';
import { emnistLineEditions, emnistLines } from '../../../datasets/synthesis/emnist-lines.ts';
import { encodePng } from '../../../images/testing/encode-png.ts';
import { adaptableModel, adaptedGraph } from '../../../models/apply-adapter.ts';
import { Random } from '../../../random/random.ts';
import { bundledLanguageModel } from '../../../models/bundled-language-model.ts';
import { readModel } from '../../../models/model-store.ts';
import { readLanguageModel } from '../../../text/language-model/read-language-model.ts';
import { adaptLineModel } from './adapt-line-model.ts';
import { dataOf, labelledHand, sizeOf, unlabelledHand } from './hand.ts';
import { Judge } from './judge.ts';
import { doubtsOf, judgeTrials } from './judge-trials.ts';
import { openUnlabelledLines } from './open-own-lines.ts';

const words = 'harbour window silver garden Monday bottle winter little market copper thunder station candle orange';
const texts = Array.from({ length: 40 }, (_, i) =>
  words
    .split(' ')
    .toSpliced(0, i % 12)
    .slice(0, 2)
    .join(' '),
);
const folder = mkdtempSync(join(tmpdir(), 'hand-'));
let judge: Judge;
let lines: LineDataset;

beforeAll(async () => {
  const languageModel = await readLanguageModel(bundledLanguageModel);
  judge = await Judge.open(adaptableModel(await readModel('line-recognizer')), { languageModel, threads: 1 });
  const characters = await openDataset('emnist-sample-test', { root: '' });
  lines = drawnLines(emnistLines({ name: 'words', characters, texts, options: emnistLineEditions['64'] }), 1);
}, 120_000);

afterAll(async () => {
  await judge.close();
  await rm(folder, { recursive: true });
});

test('without texts it learns from what was read surely, and nothing that is held out', async () => {
  const read = (await judge.read(lines)).map(({ text }) => text);
  const { turns, sets, figure } = await unlabelledHand(lines, judge, 1);
  const [{ heldOut, sets: learnedFrom }] = turns;
  expect(figure).toBe('doubts');
  expect(heldOut.length).toBe(10);
  const held = new Set(heldOut.lines.map(({ id }) => id));
  expect(learnedFrom[0].dataset.lines.some(({ id }) => held.has(id))).toBe(false);
  const [{ dataset: sure }] = sets;
  expect(sure.length).toBeGreaterThan(16);
  const indexOf = new Map(lines.lines.map(({ id }, i) => [id, i]));
  for (const [i, { id, text }] of sure.lines.entries()) {
    expect(text).toBe(read[indexOf.get(id)!]);
    expect(sure.image(i).data).toEqual(lines.image(indexOf.get(id)!).data);
  }
}, 120_000);

test('beside lines with texts, those without count as many as are read surely', async () => {
  const hand = await labelledHand(lines, lines, judge, 1);
  const [labelled, sure] = hand.sets;
  expect(hand.turns).toHaveLength(4);
  expect(labelled).toMatchObject({ weight: 1 });
  expect(sure.weight).toBeCloseTo(sure.dataset.length / 40, 6);
  expect(sizeOf(hand)).toBe(40 + sure.dataset.length);
  expect(dataOf(hand).map(({ name, lines }) => [name, lines])).toEqual([
    ['words', 40],
    ['words', sure.dataset.length],
  ]);
}, 120_000);

test('nothing is learned from what cannot be read', async () => {
  const blank = { width: 200, height: 64, data: new Uint8Array(200 * 64) };
  const empty = linesFromImages(
    'blank',
    lines.lines.map(() => blank),
    lines.lines,
  );
  await expect(unlabelledHand(empty, judge, 1)).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('sure of 0') }),
  );
}, 120_000);

test('the language model doubts the network as much as before where nothing was learned, which is refused', async () => {
  const yardstick = doubtsOf(judge);
  const { before, after, characters } = await yardstick.compare(new Map(), lines);
  expect(before).toBeGreaterThan(0);
  expect(after).toBe(before);
  expect(characters).toBeGreaterThan(400);
  await expect(judgeTrials(yardstick, [{ heldOut: lines, learned: new Map() }], 1)).rejects.toThrow(
    expect.objectContaining({ code: 'ADAPTATION_REFUSED', message: expect.stringContaining('language model') }),
  );
}, 120_000);

test('what it learns from its own readings takes errors away', async () => {
  // A reader that is worse than the bundled one, whatever that is: its letters are favoured at random.
  const { manifest, ...model } = adaptableModel(await readModel('line-recognizer'));
  const random = new Random(3);
  const bias = Float32Array.from({ length: 2 * judge.alphabet.size }, () => 1.5 * random.normal());
  const onnx = adaptedGraph(model, new Map([['logits.bias', bias]]));
  const adapter = await adaptLineModel({ manifest, onnx }, undefined, {
    name: 'own-readings',
    unlabelled: lines,
    practice: lines,
    others: [lines],
    steps: 10,
    threads: 1,
    languageModel: await readLanguageModel(bundledLanguageModel),
  });
  const { heldOut, doubts, others, recipe } = adapter.about;
  expect([heldOut, recipe.share]).toEqual([undefined, 0.5]);
  expect(doubts).toMatchObject({ lines: 10 });
  expect(doubts!.after).toBeLessThan(doubts!.before);
  // The true texts, which it did not learn from but to keep in practice.
  expect(others.words.after).toBeLessThan(others.words.before);
}, 600_000);

test('without a language model nothing can be learned from readings, nor from no lines at all', async () => {
  const stored = await readModel('line-recognizer');
  for (const options of [{ unlabelled: lines }, {}]) {
    await expect(adaptLineModel(stored, undefined, { name: 'x', others: [], ...options })).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/lines/) }),
    );
  }
});

test('pictures of a folder are lines without texts, and a folder without pictures is refused', async () => {
  await writeFile(join(folder, 'one.png'), await encodePng(lines.image(0)));
  const read = await openUnlabelledLines(folder, { dataRoot: folder });
  expect(read.lines.map(({ id, text }) => [id, text])).toEqual([['one.png', '']]);
  expect(read.height).toBe(64);
  mkdirSync(join(folder, 'empty'));
  await expect(openUnlabelledLines(join(folder, 'empty'), { dataRoot: folder })).rejects.toThrow(
    expect.objectContaining({ code: 'DATASET_INVALID' }),
  );
});
