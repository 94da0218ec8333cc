import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesFromImages } from '../../datasets/lines/memory-lines.ts';
import type { Polygon } from '../../datasets/sources/pages/transcribed-page.ts';
import { decodeImage } from '../../images/decode-image.ts';
import { blankImage, type GrayImage } from '../../images/gray-image.ts';
import { lineStem } from '../../images/line-stem.ts';
import { defaultPageModel } from '../../models/default-models.ts';
import { readModel } from '../../models/model-store.ts';
import { type OpenPageFinder, openPageFinder } from '../../reading/open-page-finder.ts';
import { foundLineCutter, linesOfScenes } from './cut-found-lines.ts';

const samples = fileURLToPath(new URL('../../../data/line-sample/', import.meta.url));
let finder: OpenPageFinder;
let line: GrayImage;

beforeAll(async () => {
  finder = await openPageFinder(await readModel(defaultPageModel), { threads: 1 });
  line = lineStem(await decodeImage(`${samples}laid-down-the-necklace.png`));
});

afterAll(() => finder.session.close());

/** A page with the line three times, 50 pixels of paper between them. */
function threeLines(): { page: GrayImage; polygons: Polygon[] } {
  const page = blankImage(line.width + 100, 400, 230);
  const tops = [50, 164, 278];
  for (const top of tops) {
    for (let y = 0; y < line.height; y++) {
      for (let x = 0; x < line.width; x++) {
        page.data[(top + y) * page.width + 50 + x] = 230 - 0.8 * line.data[y * line.width + x];
      }
    }
  }
  const right = 50 + line.width;
  return {
    page,
    polygons: tops.map((top) => [
      [50, top],
      [right, top],
      [right, top + 64],
      [50, top + 64],
    ]),
  };
}

test('a line is cut on its page and in a loose crop; what is no line there is not', async () => {
  const { page, polygons } = threeLines();
  const beside: Polygon = [
    [50, 120],
    [300, 120],
    [300, 150],
    [50, 150],
  ];
  const pieces = await foundLineCutter(finder, 1)(page, [...polygons, beside]);
  expect(pieces.map(({ length }) => length)).toEqual([2, 2, 2, 0]);
  for (const piece of pieces.slice(0, 3).flat()) {
    expect(Math.abs(piece.width - line.width)).toBeLessThan(150);
    expect(piece.height).toBeLessThan(150);
  }
});

test('where half a line is wanted, the whole of it is not cut out', async () => {
  const { page, polygons } = threeLines();
  const half = polygons[0].map(([x, y]) => [Math.min(x, 50 + line.width / 2), y] as const);
  // Its loose crop ends where the polygon does, or a little later.
  for (const { width } of (await foundLineCutter(finder, 1)(page, [half])).flat()) {
    expect(width).toBeLessThan(0.75 * line.width);
  }
});

test('scenes keep what is known of their line, and the same seed gives the same bytes', async () => {
  const info = { id: 'a', text: 'laid down the necklace', writer: 'w', page: 'p' };
  const lines = linesFromImages('sample', [line], [info]);
  const scenes = await linesOfScenes(lines, finder, { seed: 4, scenes: 6 });
  expect(scenes.length).toBeGreaterThan(4);
  expect(new Set(scenes.lines.map(({ id }) => id)).size).toBe(scenes.length);
  for (const { id, ...known } of scenes.lines) {
    expect(id).toMatch(/^a#[a-z]+-\d$/u);
    expect(known).toEqual({ text: info.text, writer: 'w', page: 'p' });
  }
  const again = await linesOfScenes(lines, finder, { seed: 4, scenes: 6 });
  expect(again.lines.map((_, i) => again.image(i))).toEqual(scenes.lines.map((_, i) => scenes.image(i)));
}, 60_000);
