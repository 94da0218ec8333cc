import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { characterStem, isCharacterImage } from './character-stem.ts';
import { type GrayImage, blankImage } from './gray-image.ts';
import { invert } from './invert.ts';
import { resize } from './resize.ts';
import { draw, isOnRing } from './testing/draw.ts';
import { EMNIST_NAMES, emnistImage } from './testing/emnist-images.ts';

const black = blankImage(28, 28).data;

function meanDifference(a: GrayImage, b: GrayImage): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length;
}

/** Rows and columns that hold pixels of at least half ink. */
function extent({ width, height, data }: GrayImage): { columns: number[]; rows: number[] } {
  const isInk = (x: number, y: number) => data[y * width + x] >= 128;
  const all = Array.from({ length: width }, (_, i) => i);
  const columns = all.filter((x) => all.some((y) => y < height && isInk(x, y)));
  const rows = all.filter((y) => all.some((x) => isInk(x, y)));
  return { columns: [columns[0], columns[columns.length - 1]], rows: [rows[0], rows[rows.length - 1]] };
}

/** The character as dark ink on noisy paper, lit from the left, `scale` times its size. */
function photograph(character: GrayImage, scale: number, seed: number): GrayImage {
  const random = Random.of(seed);
  const side = Math.round(28 * scale);
  const ink = resize(character, side, side).data;
  const margin = 20;
  const size = side + 2 * margin;
  return draw(size, size, (x, y) => {
    const isInside = Math.min(x, y) >= margin && Math.max(x, y) < margin + side;
    const coverage = isInside ? ink[(y - margin) * side + x - margin] / 255 : 0;
    const light = 230 - (90 * x) / size - (20 * y) / size;
    return light * (1 - 0.7 * coverage) + 4 * random.normal();
  });
}

describe('characterStem', () => {
  test.each(EMNIST_NAMES)('EMNIST %s comes through unchanged', (name) => {
    expect(characterStem(emnistImage(name))).toEqual(emnistImage(name));
  });

  test('a 28 × 28 image with a light rim does not count as EMNIST', () => {
    const inverted = invert(emnistImage('G'));
    expect(isCharacterImage(inverted)).toBe(false);
    expect(meanDifference(characterStem(inverted), emnistImage('G'))).toBeLessThan(12);
  });

  test.each(EMNIST_NAMES)('a photograph of %s is close to the original', (name) => {
    for (const scale of [3, 6.5, 12]) {
      const original = emnistImage(name);
      const result = characterStem(photograph(original, scale, 5));
      // An empty image is about 45 away, another character as much.
      expect(meanDifference(result, original)).toBeLessThan(10);
    }
  });

  test('ink is 22 pixels long, proportions kept, in the middle', () => {
    const bar = draw(300, 200, (x, y) => (x >= 30 && x < 190 && y >= 20 && y < 60 ? 10 : 240));
    // 160 × 40 becomes 22 × 5.5 around the middle at 14: columns 3 … 24, rows 11.25 … 16.75.
    expect(extent(characterStem(bar))).toEqual({ columns: [3, 24], rows: [11, 16] });
    const upright = draw(60, 200, (x, y) => (x >= 40 && x < 50 && y >= 20 && y < 180 ? 10 : 240));
    expect(extent(characterStem(upright)).rows).toEqual([3, 24]);
  });

  test('white on black and black on white give the same bytes', () => {
    const ring = draw(120, 100, (x, y) => (isOnRing(x, y, 60, 50, 35, 8) ? 20 : 235));
    expect(characterStem(invert(ring))).toEqual(characterStem(ring));
  });

  test('the size of the picture and of the ring in it hardly matter', () => {
    const close = characterStem(draw(120, 120, (x, y) => (isOnRing(x, y, 60, 60, 40, 8) ? 20 : 235)));
    const far = characterStem(draw(1500, 1100, (x, y) => (isOnRing(x, y, 1200, 300, 40, 8) ? 20 : 235)));
    const tiny = characterStem(
      draw(12, 12, (x, y) => 235 - 215 * Math.max(0, 1 - Math.abs(Math.hypot(x - 5.5, y - 5.5) - 4))),
    );
    expect(meanDifference(far, close)).toBeLessThan(3);
    expect(Math.max(...tiny.data)).toBe(255);
    expect(extent(tiny)).toEqual(extent(close));
  });

  test.each([1.5, 4, 12, 40])('a pen of %d pixels leaves white strokes', (stroke) => {
    const result = characterStem(draw(250, 250, (x, y) => (isOnRing(x, y, 125, 125, 80, stroke) ? 30 : 220)));
    expect(Math.max(...result.data)).toBe(255);
    const { columns, rows } = extent(result);
    expect(columns[0]).toBeLessThanOrEqual(4);
    expect(rows[1]).toBeGreaterThanOrEqual(23);
  });

  test('specks are ignored', () => {
    const clean = draw(150, 150, (x, y) => (isOnRing(x, y, 70, 70, 40, 8) ? 20 : 235));
    const speckled = { ...clean, data: clean.data.slice() };
    for (const at of [10 * 150 + 140, 140 * 150 + 8, 3 * 150 + 3]) speckled.data[at] = 20;
    expect(meanDifference(characterStem(speckled), characterStem(clean))).toBeLessThan(1);
  });

  test('without ink the result is black', () => {
    const random = Random.of(3);
    expect(characterStem(draw(1, 1, () => 77)).data).toEqual(black);
    expect(characterStem(draw(2, 2, (x) => x * 255)).data).toEqual(black);
    expect(characterStem(draw(90, 60, () => 255)).data).toEqual(black);
    expect(characterStem(draw(200, 200, () => 150 + 20 * random.normal())).data).toEqual(black);
  });

  test('any image gives 28 × 28 that the stem leaves alone, the same each time', () => {
    const side = fc.integer({ min: 1, max: 40 });
    const image = fc
      .tuple(side, side)
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: width * height, maxLength: width * height })
          .map((data) => ({ width, height, data })),
      );
    fc.assert(
      fc.property(image, (image) => {
        const once = characterStem(image);
        expect([once.width, once.height]).toEqual([28, 28]);
        expect(characterStem(image)).toEqual(once);
        expect(characterStem(once)).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });

  test('the image given is not changed, nor shared', () => {
    const image = emnistImage('G');
    expect(characterStem(image).data).not.toBe(image.data);
  });

  test('data of a wrong length is named', () => {
    expect(() => characterStem({ width: 3, height: 3, data: new Uint8Array(8) })).toThrow('3 × 3 needs 9 bytes');
  });
});
