import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesFromImages } from '../../datasets/lines/memory-lines.ts';
import { splitPages } from '../../datasets/lines/split-pages.ts';
import { writeLinePack } from '../../datasets/sources/line-pack.ts';
import { draw } from '../../images/testing/draw.ts';
import { openLineSet } from './open-line-sets.ts';
import { trainingTexts } from './training-texts.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'training-texts-'));
  const lines = Array.from({ length: 24 }, (_, i) => ({ id: `line ${i}`, text: `text ${i}`, page: `page ${i >> 1}` }));
  const images = lines.map((_, i) => draw(80 + i, 64, (x) => (x < 40 ? 255 : 0)));
  await writeLinePack(join(folder, 'letters'), linesFromImages('letters', images, lines), 'CC0');
  const held = { id: 'held', text: 'of no interest', page: 'page 3' };
  const test = linesFromImages('letters-test', [draw(90, 64, (x) => (x > 50 ? 255 : 0))], [held]);
  await writeLinePack(join(folder, 'letters-test'), test, 'CC0');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('texts keep their order, without the pages of lines that are held out', async () => {
  const holdOut = [join(folder, 'letters-test')];
  const texts = await trainingTexts([join(folder, 'letters')], { dataRoot: folder, holdOut, seeds: [1] });
  const expected = Array.from({ length: 24 }, (_, i) => `text ${i}`).filter((_, i) => i !== 6 && i !== 7);
  expect(texts).toEqual(expected);
});

test('what trainings with any of the seeds keep aside is left out', async () => {
  const pack = join(folder, 'letters');
  const texts = await trainingTexts([`${pack}@0.25`], { dataRoot: folder, holdOut: [], seeds: [1, 2] });
  const dataset = await openLineSet(pack, folder);
  const aside = [1, 2].map((seed) => splitPages(dataset, 0.25, seed).aside.lines.map(({ text }) => text));
  expect(aside[0]).toHaveLength(6);
  expect(aside[0]).not.toEqual(aside[1]);
  const held = new Set(aside.flat());
  expect(texts).toHaveLength(24 - held.size);
  expect(texts.filter((text) => held.has(text))).toEqual([]);
});
