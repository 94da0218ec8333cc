import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { drawnLines, linesFromImages, subsetLines } from '../../../datasets/lines/memory-lines.ts';
import { openDataset } from '../../../datasets/registry.ts';
import { emnistLineEditions, emnistLines } from '../../../datasets/synthesis/emnist-lines.ts';
import { decodeAdapter, encodeAdapter } from '../../../models/adapter.ts';
import { withAdapter } from '../../../models/apply-adapter.ts';
import { readModel, type StoredModel } from '../../../models/model-store.ts';
import { saveUntrainedLineModel } from '../testing/untrained-line-model.ts';
import { evaluateModel } from '../../evaluate-model.ts';
import { writeLinePack } from '../../../datasets/sources/line-pack.ts';
import { adaptLineModel } from './adapt-line-model.ts';

const words =
  'harbour window silver garden Monday bottle winter little market copper thunder station candle orange second mirror';
const folder = mkdtempSync(join(tmpdir(), 'adapt-'));
let upright: LineDataset;
let flipped: LineDataset;
let untrained: StoredModel;

beforeAll(async () => {
  const characters = await openDataset('emnist-sample-test', { root: '' });
  const texts = words.split(' ');
  upright = drawnLines(emnistLines({ name: 'words', characters, texts, options: emnistLineEditions['64'] }), 1);
  flipped = upsideDown(upright);
  await saveUntrainedLineModel(join(folder, 'untrained'), 'untrained');
  untrained = await readModel(join(folder, 'untrained'));
});

afterAll(() => rm(folder, { recursive: true }));

/** A hand that no reader knows: rows from the bottom to the top. */
function upsideDown(dataset: LineDataset): LineDataset {
  const images = dataset.lines.map((_, i) => {
    const { width, height, data } = dataset.image(i);
    const turned = data.map((_, at) => data[(height - 1 - Math.floor(at / width)) * width + (at % width)]);
    return { width, height, data: turned };
  });
  return { ...linesFromImages('upside down', images, dataset.lines), licence: 'CC0' };
}

test('a hand is learned from 16 lines; the file says from what, and what it gains', async () => {
  const stored = await readModel('line-recognizer-open');
  const options = {
    name: 'upside-down',
    others: [upright],
    practice: upright,
    mostHarm: 1,
    steps: 14,
    threads: 1,
    seed: 1,
  };
  const adapter = await adaptLineModel(stored, flipped, options);
  const { heldOut, others, ...about } = adapter.about;
  const characters = [...words.replaceAll(' ', '')].length;
  expect(about).toMatchObject({
    name: 'upside-down',
    base: { name: 'line-recognizer-open', sha256: stored.manifest.file.sha256 },
    licence: 'MIT',
    data: [{ name: 'upside down', lines: 16, licence: 'CC0' }],
    recipe: { steps: 14, seed: 1, share: 1 },
  });
  expect(heldOut).toMatchObject({ lines: 16, characters });
  expect(heldOut!.after).toBeLessThan(0.9 * heldOut!.before);
  expect(others).toMatchObject({ words: { lines: 16, characters } });

  // What is read with the file is what it says, and the lines that it has learned from are read better still.
  const read = decodeAdapter(encodeAdapter(adapter), 'it');
  for (const [dataset, name, errors] of [
    [upright, 'upright', others.words.after],
    [flipped, 'flipped', undefined],
  ] as const) {
    await writeLinePack(join(folder, name), dataset, 'CC0');
    const { json } = await evaluateModel(withAdapter(stored, read), {
      data: join(folder, name),
      dataRoot: folder,
      decoder: 'greedy',
      threads: 1,
    });
    const found = Math.round(Number(json.cer) * characters);
    if (errors === undefined) expect(found).toBeLessThan(heldOut!.after);
    else expect(found).toBe(errors);
  }
}, 600_000);

test('what gains nothing is refused', async () => {
  const nonsense = { ...flipped, lines: flipped.lines.map((line) => ({ ...line, text: '.'.repeat(40) })) };
  const lines = linesFromImages(
    'nonsense',
    flipped.lines.map((_, i) => flipped.image(i)),
    nonsense.lines,
  );
  await expect(
    adaptLineModel(untrained, lines, { name: 'x', others: [], practice: upright, steps: 2, threads: 1 }),
  ).rejects.toThrow(
    expect.objectContaining({
      code: 'ADAPTATION_REFUSED',
      message: expect.stringMatching(/^On 16 lines .* Nothing was written/),
    }),
  );
}, 600_000);

test('a training that is stopped gives nothing', async () => {
  const abort = new AbortController();
  const learning = adaptLineModel(untrained, flipped, {
    name: 'x',
    others: [],
    practice: upright,
    steps: 50,
    threads: 1,
    signal: abort.signal,
    onStep: (step) => step === 3 && abort.abort(new Error('enough')),
  });
  await expect(learning).rejects.toThrow('enough');
}, 600_000);

test.each([
  ['too few lines', 'a', () => subsetLines(flipped, [0, 1, 2]), /has 3 lines .* at least 16/],
  ['a name that is none', 'My hand', () => flipped, /'My hand'/],
])('refused before anything is learned: %s', async (_, name, lines, message) => {
  await expect(adaptLineModel(untrained, lines(), { name, others: [] })).rejects.toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  );
});

test('only models of lines that are all convolutions are adapted', async () => {
  for (const name of ['mlp', 'line-lstm-ctc']) {
    await expect(adaptLineModel(await readModel(name), flipped, { name: 'x', others: [] })).rejects.toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`'${name}' cannot be adapted`),
      }),
    );
  }
});
