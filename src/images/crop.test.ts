import { expect, test } from 'vitest';
import { crop, growBox } from './crop.ts';

const image = { width: 3, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

test('cuts a box out', () => {
  expect(crop(image, { left: 1, top: 0, right: 3, bottom: 2 })).toEqual({
    width: 2,
    height: 2,
    data: Uint8Array.of(2, 3, 5, 6),
  });
});

test('leaves away what reaches over the edge', () => {
  expect(crop(image, { left: -5, top: 1, right: 2, bottom: 9 })).toEqual({
    width: 2,
    height: 1,
    data: Uint8Array.of(4, 5),
  });
});

test('a box grows up to the edge of the image', () => {
  const box = { left: 1, top: 5, right: 4, bottom: 8 };
  expect(growBox(box, 2, 10, 9)).toEqual({ left: 0, top: 3, right: 6, bottom: 9 });
});
