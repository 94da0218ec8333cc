import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert as assertProperty, asyncProperty, double, integer } from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Affine, applyAffine, composeAffine, type Point, rotateAffine, scaleAffine } from '../images/affine.ts';
import { draw } from '../images/testing/draw.ts';
import { saveUntrainedLineModel } from '../tasks/line/testing/untrained-line-model.ts';
import { CharacterPredictor } from './character-predictor.ts';
import { LinePredictor } from './line-predictor.ts';
import { lineAlphabet } from '../text/line-alphabet.ts';
import type { LineReading, Polygon } from './reading.ts';

/* Where readings stand, told from ink that was drawn at known places. */

const folder = mkdtempSync(join(tmpdir(), 'places-'));
let predictor: LinePredictor;

/** A model that has learned nothing, but whose every word is the letter a: its bias says so. */
beforeAll(async () => {
  await saveUntrainedLineModel(folder, 'says-a', (weights) => {
    weights.get('logits.weight')!.fill(0);
    const bias = weights.get('logits.bias')!;
    bias[lineAlphabet.encode('a')[0]] = 9;
    bias[lineAlphabet.size] = 9;
  });
  predictor = await LinePredictor.load({ model: folder, threads: 1 });
});

afterAll(async () => {
  await predictor.close();
  await rm(folder, { recursive: true });
});

/** Letters as bars that stand on y = 100: from x = 0 on, one every 30, 12 wide; every fourth is high, the seventh goes below. */
const BARS = Array.from({ length: 20 }, (_, i) => ({
  left: 30 * i,
  right: 30 * i + 12,
  top: i % 4 === 0 ? 40 : 64,
  bottom: i === 6 ? 120 : 100,
}));
const WRITING = { left: 0, top: 40, right: 582, bottom: 120 };

/** The bars on paper, as `map` places them; what lies outside is cut. */
function picture(width: number, height: number, map: Affine) {
  const [a, b, c, d, e, f] = map;
  const determinant = a * d - b * c;
  const inverse = (x: number, y: number): Point => [
    (d * (x - e) - c * (y - f)) / determinant,
    (a * (y - f) - b * (x - e)) / determinant,
  ];
  const isInk = (px: number, py: number) => {
    const [x, y] = inverse(px, py);
    return BARS.some(({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom);
  };
  // Four samples a pixel, so that edges are soft.
  const offsets = [0.25, 0.75];
  return draw(width, height, (x, y) => {
    const inked = offsets.flatMap((dx) => offsets.filter((dy) => isInk(x + dx, y + dy))).length;
    return 235 - 50 * inked;
  });
}

const cornersOf = ({ left, top, right, bottom }: typeof WRITING): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

function distance([x0, y0]: Point, [x1, y1]: Point): number {
  return Math.hypot(x0 - x1, y0 - y1);
}

/** The largest distance of a corner from where it should be. */
function error(polygon: Polygon, expected: readonly Point[]): number {
  return Math.max(...expected.map((point, i) => distance(point, polygon[i])));
}

function expectPlaces(line: LineReading, map: Affine, tolerance: number): void {
  const at = (points: readonly Point[]) => points.map((point) => applyAffine(map, point));
  expect(error(line.polygon, at(cornersOf(WRITING)))).toBeLessThan(tolerance);
  const baseline = at([
    [0, 100],
    [582, 100],
  ]);
  expect(error(line.baseline, baseline)).toBeLessThan(tolerance);
  // The network says one letter at least for every bar, each within the line, from left to right.
  const centers = line.characters.map(({ polygon }) => (polygon[0][0] + polygon[1][0]) / 2);
  expect(centers).toEqual(centers.toSorted((a, b) => a - b));
  expect(line.words.flatMap(({ characters }) => characters)).toEqual(line.characters);
}

test('a level line stands where it was drawn, its letters as high as their ink', async () => {
  const map = scaleAffine(1, 1, 50, 30);
  const line = await predictor.predictGray(picture(700, 200, map));
  expectPlaces(line, map, 1.5);
  const heights = line.characters.map(({ polygon }) => [polygon[0][1], polygon[3][1]].map(Math.round));
  // 30 + 40 where a high bar begins, 30 + 64 at the others; 30 + 100, or 30 + 120 at the one that goes below.
  for (const [top, bottom] of heights) {
    expect([70, 94]).toContainEqual(expect.toSatisfy((wanted: number) => Math.abs(wanted - top) <= 1));
    expect([130, 150]).toContainEqual(expect.toSatisfy((wanted: number) => Math.abs(wanted - bottom) <= 1));
  }
});

test('crops, sizes and slopes of any kind lead back to the picture', async () => {
  await assertProperty(
    asyncProperty(
      double({ min: 0.6, max: 2.5, noNaN: true }),
      double({ min: -3.5, max: 3.5, noNaN: true }),
      integer({ min: 5, max: 200 }),
      integer({ min: 5, max: 200 }),
      async (scale, degrees, right, below) => {
        const [left, above] = [60, 60];
        const width = Math.ceil(left + 582 * scale + right);
        const height = Math.ceil(above + 120 * scale + 40 * scale + below);
        const laid = scaleAffine(scale, scale, left, above);
        const map = composeAffine(rotateAffine(degrees, width, height), laid);
        const line = await predictor.predictGray(picture(width, height, map));
        // The levelling finds the slope to a tenth or two of a degree.
        expectPlaces(line, map, 3 * scale + 2);
      },
    ),
    { numRuns: 8, seed: 7 },
  );
});

test('a photograph that lies on its side by its EXIF, and is larger than is read, has places in its own upright pixels', async () => {
  const map = scaleAffine(8, 8, 200, 100);
  const { width, height, data } = picture(5200, 1500, map);
  const upright = sharp(data, { raw: { width, height, channels: 1 } });
  // Orientation 6: to be turned clockwise by a quarter to stand upright.
  const file = await upright.rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
  expect(await sharp(file).metadata()).toMatchObject({ width: 1500, height: 5200, orientation: 6 });
  expectPlaces(await predictor.predict(file), map, 16);
});

test('a character stands where its ink is', async () => {
  const reader = await CharacterPredictor.load({ model: 'mlp', threads: 1 });
  const ring = (x: number, y: number) => Math.abs(Math.hypot(x - 300, y - 160) - 60) < 8;
  const { polygon } = await reader.predictGray(draw(640, 480, (x, y) => (ring(x, y) ? 30 : 220)));
  const box = cornersOf({ left: 232, top: 92, right: 369, bottom: 229 });
  expect(error(polygon, box)).toBeLessThan(4);
  // What has been through the stem already is the character as a whole.
  const whole = await reader.predictGray(draw(28, 28, (x, y) => (Math.abs(x - 14) < 2 && y > 4 && y < 24 ? 255 : 0)));
  expect(whole.polygon).toEqual(cornersOf({ left: 0, top: 0, right: 28, bottom: 28 }));
  await reader.close();
});
