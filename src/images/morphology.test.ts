import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { grayClosing, grayDilation, grayErosion } from './morphology.ts';

const image = {
  width: 7,
  height: 5,
  data: Uint8Array.from(
    [
      [10, 200, 30, 90, 255, 4, 88],
      [0, 50, 250, 120, 60, 9, 200],
      [77, 13, 180, 220, 5, 31, 17],
      [140, 33, 99, 210, 66, 250, 3],
      [1, 2, 3, 4, 5, 6, 7],
    ].flat(),
  ),
};

// From scipy 1.17: scipy.ndimage.grey_dilation(a, size=(3, 3), mode='nearest') and so on.
test('dilation agrees with scipy', () => {
  const expected = [
    [200, 250, 250, 255, 255, 255, 200],
    [200, 250, 250, 255, 255, 255, 200],
    [140, 250, 250, 250, 250, 250, 250],
    [140, 180, 220, 220, 250, 250, 250],
    [140, 140, 210, 210, 250, 250, 250],
  ];
  expect([...grayDilation(image, 1).data]).toEqual(expected.flat());
});

test('erosion agrees with scipy, also with a square as high as the image', () => {
  const expected = [
    [0, 0, 0, 4, 4, 4, 4],
    [0, 0, 0, 4, 3, 3, 3],
    [0, 0, 0, 2, 3, 3, 3],
    [0, 0, 0, 2, 3, 3, 3],
    [1, 1, 1, 2, 3, 3, 3],
  ];
  expect([...grayErosion(image, 2).data]).toEqual(expected.flat());
});

test('closing agrees with scipy', () => {
  const expected = [
    [200, 200, 250, 250, 255, 200, 200],
    [140, 140, 250, 250, 250, 200, 200],
    [140, 140, 180, 220, 220, 200, 200],
    [140, 140, 140, 210, 210, 250, 250],
    [140, 140, 140, 210, 210, 250, 250],
  ];
  expect([...grayClosing(image, 1).data]).toEqual(expected.flat());
});

test('the running maximum is the maximum, whatever the radius', () => {
  const row = fc.uint8Array({ minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(row, fc.integer({ min: 0, max: 40 }), (data, radius) => {
      const plain = data.map((_, i) => Math.max(...data.subarray(Math.max(0, i - radius), i + radius + 1)));
      expect(grayDilation({ width: data.length, height: 1, data }, radius).data).toEqual(plain);
      expect(grayDilation({ width: 1, height: data.length, data }, radius).data).toEqual(plain);
    }),
  );
});
