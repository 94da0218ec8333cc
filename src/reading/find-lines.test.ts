import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeImage } from '../images/decode-image.ts';
import { boxOf } from '../images/fill-polygon.ts';
import { blankImage, type GrayImage } from '../images/gray-image.ts';
import { resize } from '../images/resize.ts';
import { rotate } from '../images/rotate.ts';
import { bundledModels, readModel } from '../models/model-store.ts';
import { findLines, findLoneCharacter } from './find-lines.ts';
import { openPageFinder, type OpenPageFinder } from './open-page-finder.ts';

const samples = new URL('../data/line-sample/', `file://${bundledModels}`);
let finder: OpenPageFinder;
let lines: GrayImage[];

beforeAll(async () => {
  finder = await openPageFinder(await readModel('page'), { threads: 1 });
  const names = ['laid-down-the-necklace', 'your-merchandise', 'totaled-more-than-45-of-gdp'];
  lines = await Promise.all(names.map((name) => decodeImage(new URL(`${name}.png`, samples).pathname)));
});

afterAll(() => finder.session.close());

/** Pastes pictures of dark ink onto paper of `tone`, each with its upper left corner in its place. */
function sheet(width: number, height: number, tone: number, places: readonly (readonly [number, number])[]): GrayImage {
  const paper = blankImage(width, height, tone);
  places.forEach(([left, top], i) => {
    const { data, ...size } = lines[i];
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        const at = (top + y) * width + left + x;
        paper.data[at] = Math.min(paper.data[at], (tone * data[y * size.width + x]) / 255);
      }
    }
  });
  return paper;
}

/** Whether the middle of the line that was pasted at `top` is within what was found. */
const isAround = (polygon: readonly (readonly [number, number])[], top: number, index: number): boolean => {
  const ys = polygon.map(([, y]) => y);
  const middle = top + lines[index].height / 2;
  return Math.min(...ys) < middle && middle < Math.max(...ys);
};

test('lines of a page, from the top down, each in its place', async () => {
  const found = await findLines(
    sheet(900, 700, 235, [
      [60, 80],
      [60, 260],
      [60, 440],
    ]),
    finder,
  );
  expect(found).toHaveLength(3);
  [80, 260, 440].forEach((top, i) => expect(isAround(found[i].polygon, top, i)).toBe(true));
  for (const { confidence, cut, baseline } of found) {
    expect(confidence).toBeGreaterThan(0.6);
    expect(cut).toBe(false);
    expect(baseline[baseline.length - 1][0]).toBeGreaterThan(baseline[0][0] + 100);
  }
});

test('places are told in pixels of the picture, whatever its size', async () => {
  const small = sheet(900, 700, 235, [
    [60, 80],
    [60, 260],
  ]);
  const found = await findLines(resize(small, 2700, 2100, 'bicubic'), finder);
  expect(found).toHaveLength(2);
  expect(
    isAround(
      found[0].polygon.map(([x, y]) => [x / 3, y / 3] as const),
      80,
      0,
    ),
  ).toBe(true);
});

test('light ink on a dark ground, and a page that is turned by some degrees', async () => {
  const page = sheet(900, 700, 235, [
    [60, 80],
    [60, 260],
    [60, 440],
  ]);
  const negative = { ...page, data: page.data.map((value) => 255 - value) };
  expect(await findLines(negative, finder)).toHaveLength(3);
  expect(await findLines(rotate(negative, 3), finder)).toHaveLength(3);
});

test('paper without writing has no lines, and so has a picture of a pixel', async () => {
  expect(await findLines(blankImage(600, 400, 230), finder)).toEqual([]);
  expect(await findLines(blankImage(1, 1, 0), finder)).toEqual([]);
});

test('lines whose height is expected are found with fewer pixels, and looked for again where that is wrong', async () => {
  const picture = resize(sheet(900, 120, 235, [[60, 30]]), 2700, 360, 'bilinear');
  const seen: number[] = [];
  const counting = {
    manifest: finder.manifest,
    session: {
      run: async (inputs: Parameters<OpenPageFinder['session']['run']>[0]) => {
        const [, , height, width] = inputs.images.shape;
        seen.push(height * width);
        return await finder.session.run(inputs);
      },
    },
  };
  const [line, ...others] = await findLines(picture, counting, 200);
  expect(others).toHaveLength(0);
  expect(line.up + line.down).toBeGreaterThan(80);
  // 540 × 72 pixels, padded to multiples of 32.
  expect(seen).toEqual([544 * 96]);
  seen.length = 0;
  // Seen five pixels high it is nothing.
  expect(await findLines(picture, counting, 4000)).toHaveLength(1);
  expect(seen.length).toBeGreaterThan(1);
});

test('a second look finds the one character on a sheet on a desk', async () => {
  const letter = resize(await decodeImage(new URL('../emnist-sample/images/lower-n.png', samples).pathname), 40, 40);
  const desk = blankImage(180, 150, 120);
  for (let y = 12; y < 130; y++) desk.data.fill(210, y * 180 + 20, y * 180 + 155);
  letter.data.forEach((ink, i) => {
    desk.data[(Math.floor(i / 40) + 40) * 180 + (i % 40) + 70] = 210 * (1 - (0.6 * ink) / 255);
  });
  expect(await findLines(desk, finder)).toEqual([]);
  const found = await findLoneCharacter(desk, finder);
  expect(found).toHaveLength(1);
  const { left, top, right, bottom } = boxOf(found[0].polygon);
  expect(Math.hypot((left + right) / 2 - 90, (top + bottom) / 2 - 60)).toBeLessThan(8);
});
