import { expect, test } from 'vitest';
import { rotate } from './rotate.ts';

const image = {
  width: 5,
  height: 5,
  data: Uint8Array.from(
    [
      [10, 200, 30, 90, 255],
      [0, 50, 250, 120, 60],
      [77, 13, 180, 220, 5],
      [140, 33, 99, 210, 66],
      [9, 8, 7, 6, 5],
    ].flat(),
  ),
};

test('a quarter turn clockwise brings the left column to the top', () => {
  expect([...rotate(image, 90).data.subarray(0, 5)]).toEqual([9, 140, 77, 0, 10]);
  expect(rotate(rotate(image, 90), -90)).toEqual(image);
});

test('no turn is a copy', () => {
  expect(rotate(image, 0)).toEqual(image);
});

test('30 degrees agree with scipy 1.17: affine_transform(order=1, mode="grid-constant")', () => {
  const expected = [
    [6, 13, 160, 41, 20],
    [66, 35, 143, 147, 125],
    [111, 39, 180, 176, 76],
    [15, 50, 161, 147, 9],
    [2, 5, 61, 67, 13],
  ];
  expect([...rotate(image, 30).data]).toEqual(expected.flat());
});
