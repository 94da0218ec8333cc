import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { characterStem } from '../images/character-stem.ts';
import { crop } from '../images/crop.ts';
import { decodeImage } from '../images/decode-image.ts';
import { blankImage, type GrayImage } from '../images/gray-image.ts';
import { invert } from '../images/invert.ts';
import { padCentered } from '../images/pad.ts';
import { resize } from '../images/resize.ts';
import { rotate } from '../images/rotate.ts';
import { Random } from '../random/random.ts';
import { findContent } from './find-content.ts';

const data = fileURLToPath(new URL('../../data/', import.meta.url));
const sample = (name: string) => decodeImage(`${data}emnist-sample/images/${name}.png`);
const bundledLines = [
  'blanche-comme-une-statue-de-cire',
  'laid-down-the-necklace',
  'their-parties-are-grown-tedious-and-dull',
  'totaled-more-than-45-of-gdp',
  'we-desire-to-set-up-a-moral-standard',
  'your-merchandise',
];
const line = async (name: string) => await decodeImage(`${data}line-sample/${name}.png`);

/** Pictures beside each other, tops level, on paper of their own. */
function beside(...images: readonly GrayImage[]): GrayImage {
  const height = Math.max(...images.map((image) => image.height));
  const whole = blankImage(
    images.reduce((sum, image) => sum + image.width, 0),
    height,
  );
  let left = 0;
  for (const { width, height, data } of images) {
    for (let y = 0; y < height; y++) whole.data.set(data.subarray(y * width, (y + 1) * width), y * whole.width + left);
    left += width;
  }
  return whole;
}

function above(...images: readonly GrayImage[]): GrayImage {
  const width = Math.max(...images.map((image) => image.width));
  const rows = images.map((image) => padCentered(image, width, image.height, 255));
  return {
    width,
    height: rows.reduce((sum, { height }) => sum + height, 0),
    data: Uint8Array.from(rows.flatMap((row) => Array.from(row.data))),
  };
}

describe('a blank picture', () => {
  test.each([0, 128, 255])('of one tone, %i', (value) => {
    expect(findContent(blankImage(300, 200, value))).toBe('blank');
    expect(findContent(blankImage(28, 28, value))).toBe('blank');
  });

  test('of paper with grain and uneven light', () => {
    const random = Random.of(5);
    const data = Uint8Array.from({ length: 400 * 300 }, (_, i) => 180 + (i % 400) / 8 + random.below(9) - 4);
    expect(findContent({ width: 400, height: 300, data })).toBe('blank');
  });
});

describe('a character', () => {
  // Class-balanced images of EMNIST ByClass, behind a header of 16 bytes.
  const file = `${data}emnist-sample/emnist-sample-test-images-idx3-ubyte.gz`;
  const pixels = new Uint8Array(gunzipSync(readFileSync(file)).subarray(16));
  const characters = Array.from({ length: 124 }, (_, i) => ({
    width: 28,
    height: 28,
    data: pixels.slice(784 * 12 * i, 784 * (12 * i + 1)),
  }));

  test.each([
    [28, 28, 'as it is'],
    [28, 28, 'dark on light'],
    [60, 90, 'light on dark'],
    [112, 140, 'dark on light'],
    [200, 700, 'dark on light'],
  ])('of EMNIST, %i pixels high in %i, %s', (size, side, tone) => {
    const kinds = characters.map((image) => {
      const picture = padCentered(resize(image, size, size), side, side);
      return findContent(tone === 'dark on light' ? invert(picture) : picture);
    });
    expect(kinds.filter((kind) => kind !== 'character' && kind !== 'unclear').length).toBeLessThanOrEqual(1);
    // Of all of EMNIST, 8 %.
    expect(kinds.filter((kind) => kind === 'unclear').length).toBeLessThan(characters.length / 5);
  });

  test('with a dot, an accent, or a stroke that was lifted, on paper of any shape', () => {
    const dot = [[48, 10, 56, 18]];
    const stem = [[48, 30, 56, 90]];
    const brokenE = [
      [40, 20, 48, 90],
      [49, 20, 80, 27],
      [49, 52, 76, 59],
      [49, 83, 80, 90],
    ];
    const drawn = (boxes: readonly (readonly number[])[], width = 110) => {
      const image = blankImage(width, 110, 240);
      for (const [left, top, right, bottom] of boxes) {
        for (let y = top; y < bottom; y++) image.data.fill(20, y * width + left, y * width + right);
      }
      return image;
    };
    expect(findContent(drawn([...dot, ...stem]))).toBe('character');
    expect(findContent(drawn(brokenE))).toBe('character');
    expect(findContent(drawn([...dot, ...stem], 600))).toBe('character');
  });
});

test('a short word that hangs together is unclear', async () => {
  // "of", in one stroke.
  const word = crop(await line('totaled-more-than-45-of-gdp'), { left: 500, top: 0, right: 538, bottom: 57 });
  expect(findContent(word)).toBe('unclear');
});

describe('writing', () => {
  test.each([
    ['lower-h', 'lower-e'],
    ['digit-2', 'digit-7'],
    ['upper-A', 'lower-n', 'lower-d'],
  ])('of the letters %s, %s, in a picture that is no wider than high', async (...names) => {
    const letters = beside(...(await Promise.all(names.map(sample))).map(characterStem));
    const picture = padCentered(resize(letters, 60 * names.length, 60), 200, 200);
    expect(findContent(picture)).toBe('line');
    expect(findContent(invert(picture))).toBe('line');
  });

  test.each(bundledLines)('%s, level and at a slope, also on a large sheet', async (name) => {
    const image = await line(name);
    expect(findContent(image)).toBe('line');
    const sheet = padCentered(invert(image), image.width + 200, image.width + 200);
    expect(findContent(invert(sheet))).toBe('line');
    expect(findContent(invert(rotate(sheet, 4)))).toBe('line');
  });

  test('that hangs together, by its strokes', () => {
    // A zigzag of one stroke, as in "mum" or "numbing", three times as broad as a letter.
    const width = 300;
    const data = Uint8Array.from({ length: width * 120 }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const wave = Math.abs(((x + 20) % 40) - 20) * 3 + 30;
      return x >= 20 && x < 280 && Math.abs(y - wave) < 6 ? 30 : 230;
    });
    expect(findContent({ width, height: 120, data })).toBe('line');
  });

  test('between neighbours that the edges cut', async () => {
    const image = await line('laid-down-the-necklace');
    const third = Math.round(image.height / 3);
    const part = (from: number, to: number) => ({
      ...image,
      height: to - from,
      data: image.data.slice(from * image.width, to * image.width),
    });
    expect(findContent(above(part(2 * third, image.height), image, part(0, third)))).toBe('line');
  });
});

test('several lines, level and at a slope', async () => {
  const [first, second, third] = await Promise.all(bundledLines.slice(0, 3).map(line));
  const page = above(first, second, third);
  expect(findContent(page)).toBe('lines');
  expect(findContent(above(first, second))).toBe('lines');
  expect(findContent(invert(rotate(padCentered(invert(page), page.width + 100, page.height + 100), 2)))).toBe('lines');
});
