import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { type ResizeFilter, resize } from './resize.ts';

const image: GrayImage = {
  width: 5,
  height: 4,
  // prettier-ignore
  data: Uint8Array.of(
    10, 200, 30, 90, 255,
    0, 50, 250, 120, 60,
    77, 13, 180, 220, 5,
    140, 33, 99, 210, 66,
  ),
};

/** From Pillow 12.3: `Image.fromarray(a.astype('float32')).resize((w, h), filter)`, rounded half up and clipped. */
const PILLOW: [ResizeFilter, number, number, number[]][] = [
  ['area', 3, 2, [65, 140, 131, 66, 140, 125]],
  ['bilinear', 3, 2, [55, 132, 130, 65, 137, 109]],
  ['bicubic', 3, 2, [53, 136, 131, 60, 143, 110]],
  ['area', 2, 3, [80, 173, 95, 101, 91, 138]],
  ['bilinear', 2, 3, [92, 132, 82, 130, 87, 132]],
  ['bicubic', 2, 3, [87, 137, 81, 133, 88, 132]],
  [
    'bicubic',
    7,
    6,
    [
      [0, 135, 175, 16, 52, 172, 255],
      [0, 74, 144, 138, 103, 126, 170],
      [6, 9, 95, 255, 176, 85, 36],
      [67, 24, 54, 196, 226, 120, 0],
      [120, 55, 39, 133, 216, 144, 23],
      [151, 79, 37, 94, 193, 156, 62],
    ].flat(),
  ],
  [
    'bilinear',
    10,
    3,
    [
      [7, 44, 118, 140, 111, 97, 98, 123, 172, 197],
      [39, 37, 33, 77, 169, 204, 181, 136, 67, 33],
      [121, 98, 51, 51, 99, 146, 191, 172, 89, 48],
    ].flat(),
  ],
  [
    'area',
    10,
    3,
    [
      [10, 10, 200, 200, 30, 30, 90, 90, 255, 255],
      [39, 39, 32, 32, 215, 215, 170, 170, 33, 33],
      [140, 140, 33, 33, 99, 99, 210, 210, 66, 66],
    ].flat(),
  ],
];

describe('resize', () => {
  test.each(PILLOW)('%s to %i × %i agrees with Pillow', (filter, width, height, expected) => {
    expect([...resize(image, width, height, filter).data]).toEqual(expected);
  });

  test('the same size is a copy', () => {
    const copy = resize(image, 5, 4);
    expect(copy).toEqual(image);
    expect(copy.data).not.toBe(image.data);
  });

  test('a flat image stays flat at any size with any filter', () => {
    const side = fc.integer({ min: 1, max: 40 });
    const filter = fc.constantFrom<ResizeFilter>('area', 'bilinear', 'bicubic');
    fc.assert(
      fc.property(side, side, side, side, filter, fc.integer({ min: 0, max: 255 }), (w, h, toW, toH, filter, value) => {
        const flat = { width: w, height: h, data: new Uint8Array(w * h).fill(value) };
        expect(resize(flat, toW, toH, filter).data).toEqual(new Uint8Array(toW * toH).fill(value));
      }),
    );
  });

  test('an impossible size is named', () => {
    expect(() => resize(image, 0, 3)).toThrow('got 0 × 3');
    expect(() => resize(image, 2.5, 3)).toThrow('got 2.5 × 3');
  });
});
