import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { type GrayImage, blankImage } from './gray-image.ts';
import { invert } from './invert.ts';
import { fitWriting, lineStem } from './line-stem.ts';
import { draw } from './testing/draw.ts';

/** Where `tone` gives 1 for ink: rings as letters, stems on some, from x = 60 to 660 and y = 60 to 130. */
function isWriting(x: number, y: number): boolean {
  if (x < 60 || x >= 660) return false;
  const letter = Math.floor((x - 60) / 50);
  const [cx, cy] = [85 + 50 * letter, 110];
  const isRing = Math.abs(Math.hypot(x - cx, y - cy) - 17) < 3;
  const isStem = letter % 3 === 0 && Math.abs(x - cx - 17) < 3 && y >= 60 && y < 130;
  return isRing || isStem;
}

const page = (tone: (x: number, y: number) => number) => draw(720, 200, tone);
const clean = page((x, y) => (isWriting(x, y) ? 20 : 240));

function inkBox({ width, height, data }: GrayImage) {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < width * height; i++)
    if (data[i] >= 128) [xs[xs.length], ys[ys.length]] = [i % width, Math.floor(i / width)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function meanDifference(a: GrayImage, b: GrayImage): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length;
}

describe('lineStem', () => {
  test('the writing fills the height but for 4 pixels on each side', () => {
    const line = lineStem(clean);
    expect(line.height).toBe(64);
    // The ink is 582 × 70 pixels (x 65 … 652 by the rings, y 60 … 129); scaled by 56/70 it is about 468 wide.
    expect(Math.abs(line.width - 476)).toBeLessThanOrEqual(3);
    expect(inkBox(line)).toEqual({ left: 4, top: 4, right: line.width - 5, bottom: 59 });
    expect([line.data[0], Math.max(...line.data)]).toEqual([0, 255]);
  });

  test('white on black gives the same', () => {
    expect(lineStem(invert(clean))).toEqual(lineStem(clean));
  });

  test('uneven light and noise hardly matter', () => {
    const random = Random.of(4);
    const photograph = page((x, y) => {
      const light = 235 - (110 * x) / 720 - (30 * y) / 200;
      return light * (isWriting(x, y) ? 0.35 : 1) + 4 * random.normal();
    });
    expect(meanDifference(lineStem(photograph), lineStem(clean))).toBeLessThan(6);
  });

  test.each([-4, 2.5])('a line that descends by %d degrees is straightened', (degrees) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const turned = page((x, y) => {
      const [dx, dy] = [x - 360, y - 100];
      return isWriting(360 + cos * dx + sin * dy, 100 - sin * dx + cos * dy) ? 20 : 240;
    });
    const line = lineStem(turned);
    expect(Math.abs(line.width - lineStem(clean).width)).toBeLessThan(15);
    expect(lineStem(turned, { maxSkew: 0 }).width).toBeLessThan(line.width);
  });

  test('rules are taken away', () => {
    const ruled = page((x, y) => (isWriting(x, y) ? 20 : y === 40 || y === 41 || y === 140 || y === 141 ? 130 : 240));
    expect(inkBox(lineStem(ruled)).top).toBe(4);
    expect(lineStem(ruled).width).toBe(lineStem(clean).width);
    expect(lineStem(ruled, { fadeRules: false }).width).toBeLessThan(lineStem(clean).width);
  });

  test('a line on clean paper of the right height is only inverted', () => {
    const pack = draw(300, 64, (x, y) => (x % 20 < 3 && y > 10 && y < 50 ? 34 : 255));
    expect(lineStem(pack)).toEqual(invert(pack));
    expect(lineStem(invert(pack))).toEqual(invert(pack));
    expect(lineStem(lineStem(clean))).toEqual(lineStem(clean));
  });

  test('small writing is enlarged no more than twice', () => {
    const small = draw(100, 30, (x, y) => (x >= 20 && x < 80 && y >= 10 && y < 20 && x % 10 < 4 ? 20 : 240));
    const box = inkBox(lineStem(small));
    expect(box.bottom - box.top + 1).toBe(20);
  });

  test('a line longer than maxWidth is shrunk, proportions kept', () => {
    const line = lineStem(clean, { maxWidth: 246 });
    expect([line.width, line.height]).toEqual([246, 64]);
    const { top, bottom } = inkBox(line);
    // 238 of 587 pixels of ink: 70 rows become 28.
    expect(Math.abs(bottom - top + 1 - 28)).toBeLessThanOrEqual(2);
  });

  test('switched off, the frame of the image is kept', () => {
    const line = lineStem(clean, { crop: false, flatten: false, maxSkew: 0, fadeRules: false });
    expect([line.width, line.height]).toEqual([230, 64]);
  });

  test('without ink the result is black', () => {
    const line = lineStem(draw(300, 100, () => 200));
    expect(line).toEqual(blankImage(line.width, 64));
  });

  test.each([{ height: 4 }, { maxWidth: 10 }, { maxSkew: 90 }, { height: 64.5 }])('%o is refused', (options) => {
    expect(() => lineStem(clean, options)).toThrow('got');
  });

  test('any image gives a line of the height', () => {
    const side = fc.integer({ min: 1, max: 50 });
    const image = fc
      .tuple(side, side)
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: width * height, maxLength: width * height })
          .map((data) => ({ width, height, data })),
      );
    fc.assert(
      fc.property(image, (image) => {
        const line = lineStem(image, { maxWidth: 300 });
        expect(line.height).toBe(64);
        expect(line.width).toBeLessThanOrEqual(300);
        expect(line.data.length).toBe(line.width * 64);
      }),
      { numRuns: 60 },
    );
  });
});

describe('fitWriting', () => {
  const line = draw(300, 64, (x, y) => (x >= 100 && x < 200 && y >= 30 && y < 58 ? 255 : 0));

  test('what is written fills the height, as after the stem', () => {
    const fitted = fitWriting(line);
    // 28 rows of ink become the 56 within the margins, so 100 columns become 200.
    expect(inkBox(fitted)).toEqual({ left: 4, top: 4, right: 203, bottom: 59 });
    expect([fitted.width, fitted.height]).toEqual([208, 64]);
  });

  test('a line without ink stays as it is', () => {
    const blank = blankImage(40, 64);
    expect(fitWriting(blank)).toBe(blank);
  });
});
