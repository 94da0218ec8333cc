import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLinePack } from '../../datasets/sources/line-pack.ts';
import { linesFromImages } from '../../datasets/lines/memory-lines.ts';
import { draw } from '../../images/testing/draw.ts';
import { lineExperimentSchema } from './line-experiment.ts';
import { openLineSet, openLineSets } from './open-line-sets.ts';
import { smallLineExperiment } from './testing/small-line-experiment.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'line-sets-'));
  // Ink 28 pixels high and 100 wide on each; fitted, it is twice as large within margins of 4 pixels.
  const ink = (x: number, y: number) => x >= 100 && x < 200 && y >= 30 && y < 58;
  const lines = Array.from({ length: 8 }, (_, i) => ({
    id: `line ${i}`,
    text: `word ${i}`,
    page: `page ${i >> 1}`,
    words: [{ text: 'word', x: 100, width: 50 }],
  }));
  const dataset = linesFromImages(
    'few',
    lines.map((_, i) => draw(300, 64, (x, y) => (ink(x, y) ? 255 - i : 0))),
    lines,
  );
  await writeLinePack(join(folder, 'few'), dataset, 'CC0');
  const copy = { ...lines[3], id: 'copy', page: 'of another collection' };
  await writeLinePack(join(folder, 'other'), linesFromImages('other', [dataset.image(3)], [copy]), 'CC0');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('fitted lines are cut down to their writing, and keep out of what is held aside from the same pages', async () => {
  const pack = join(folder, 'few');
  const experiment = smallLineExperiment({
    train: [
      { lines: pack, weight: 1, validationShare: 0.25 },
      { lines: pack, weight: 1, fitted: true },
    ],
  });
  const { train, validation } = await openLineSets(lineExperimentSchema.parse(experiment), [], (name) =>
    openLineSet(name, folder),
  );
  const [plain, fitted] = train.map(({ dataset }) => dataset);
  expect([plain.width(0), fitted.width(0)]).toEqual([300, 208]);
  expect(fitted.name).toBe('few, fitted');
  expect(fitted.lines[0].words).toBeUndefined();
  const held = new Set(validation.flatMap(({ lines }) => lines.map(({ page }) => page)));
  expect(held.size).toBe(1);
  for (const { lines } of [plain, fitted]) {
    expect(lines).toHaveLength(6);
    expect(lines.filter(({ page }) => held.has(page))).toEqual([]);
  }
});

test('an image that is tested is left out of the training, though nothing else is known of it', async () => {
  const [pack, other] = [join(folder, 'few'), join(folder, 'other')];
  const experiment = smallLineExperiment({ train: [{ lines: pack, weight: 1 }], validation: [other] });
  const { train, notices } = await openLineSets(lineExperimentSchema.parse(experiment), [], (name) =>
    openLineSet(name, folder),
  );
  expect(train[0].dataset.lines.map(({ id }) => id)).not.toContain('line 3');
  expect(notices).toEqual([
    'few: 1 of 8 lines are left out, which share a writer, a page, a sentence or the image with lines that are held out.',
  ]);
});
