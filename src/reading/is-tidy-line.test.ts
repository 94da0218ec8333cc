import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../images/decode-image.ts';
import { blankImage, type GrayImage } from '../images/gray-image.ts';
import { findMarks } from '../images/ink-marks.ts';
import { invert } from '../images/invert.ts';
import { padCentered } from '../images/pad.ts';
import { rotate } from '../images/rotate.ts';
import { isTidyLine } from './is-tidy-line.ts';

const samples = fileURLToPath(new URL('../../data/line-sample/', import.meta.url));
const names = [
  'blanche-comme-une-statue-de-cire',
  'laid-down-the-necklace',
  'their-parties-are-grown-tedious-and-dull',
  'totaled-more-than-45-of-gdp',
  'we-desire-to-set-up-a-moral-standard',
  'your-merchandise',
];
const line = async (name = names[1]) => await decodeImage(`${samples}${name}.png`);
const isTidy = (image: GrayImage) => isTidyLine(findMarks(image)!);

/** Pictures of dark ink on one sheet of white paper, each with its upper left corner in its place. */
function sheet(width: number, height: number, ...placed: readonly (readonly [GrayImage, number, number])[]): GrayImage {
  const paper = blankImage(width, height, 255);
  for (const [image, left, top] of placed) {
    for (let y = Math.max(0, -top); y < image.height && top + y < height; y++) {
      for (let x = 0; x < image.width; x++) {
        const at = (top + y) * width + left + x;
        paper.data[at] = Math.min(paper.data[at], image.data[y * image.width + x]);
      }
    }
  }
  return paper;
}

/** Draws a frame so many pixels from the rim. */
function framed(image: GrayImage, inset: number): GrayImage {
  const { width, height, data } = image;
  const drawn = data.map((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const depth = Math.min(x, y, width - 1 - x, height - 1 - y);
    return depth >= inset && depth < inset + 2 ? 30 : value;
  });
  return { width, height, data: drawn };
}

test.each(names)('the line %s, level and at a slope, dark on light and light on dark', async (name) => {
  const image = await line(name);
  const wide = padCentered(invert(image), image.width + 40, image.height + 40);
  for (const picture of [image, invert(image), wide, rotate(wide, 1.5)]) expect(isTidy(picture)).toBe(true);
});

describe('not', () => {
  test('a line that is small on its sheet', async () => {
    const image = await line();
    expect(isTidy(sheet(image.width + 40, 6 * image.height, [image, 20, 2 * image.height]))).toBe(false);
  });

  test('a line in a cell of faint rules', async () => {
    const image = await line();
    const cell = sheet(image.width + 40, 2 * image.height, [image, 20, image.height >> 1]);
    expect(isTidy(cell)).toBe(true);
    for (const y of [6, cell.height - 8]) cell.data.fill(225, y * cell.width, (y + 1) * cell.width);
    expect(isTidy(cell)).toBe(false);
  });

  test('a line whose neighbours the rim cuts', async () => {
    const [image, other] = [await line(), await line(names[4])];
    const above = -Math.round(0.8 * other.height);
    const picture = sheet(1000, image.height + 20, [image, 20, 10], [other, 20, above]);
    expect(isTidy(picture)).toBe(false);
  });

  test.each([0, 6])('a line in a frame %i pixels from the rim', async (inset) => {
    const image = await line();
    const picture = sheet(image.width + 40, image.height + 40, [image, 20, 20]);
    expect(isTidy(picture)).toBe(true);
    expect(isTidy(framed(picture, inset))).toBe(false);
  });

  test('a line on a ruled line', async () => {
    const image = await line();
    const picture = sheet(image.width + 40, image.height + 40, [image, 20, 20]);
    picture.data.fill(60, (image.height + 12) * picture.width + 5, (image.height + 14) * picture.width - 5);
    expect(isTidy(picture)).toBe(false);
  });

  test('a sheet on a dark desk', async () => {
    const paper = invert(await line());
    const desk = padCentered(paper, paper.width + 200, paper.height + 60, 255);
    expect(isTidy(invert(desk))).toBe(false);
  });

  test.each([0, 10, 20])('two lines, %i pixels of which lie in each other', async (overlap) => {
    const [image, other] = [await line(names[4]), await line(names[2])];
    const top = 10 + image.height - overlap;
    expect(isTidy(sheet(1000, top + other.height + 10, [image, 10, 10], [other, 10, top]))).toBe(false);
  });

  test('one letter or a short word', async () => {
    const image = await line();
    const half = { ...image, width: 60, data: new Uint8Array(60 * image.height) };
    for (let y = 0; y < image.height; y++)
      half.data.set(image.data.subarray(y * image.width, y * image.width + 60), y * 60);
    expect(isTidy(half)).toBe(false);
  });
});
