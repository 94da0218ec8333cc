import { expect, test } from 'vitest';
import { gaussianBlur } from './gaussian-blur.ts';

const image = {
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

// From scipy 1.17: scipy.ndimage.gaussian_filter(a.astype(float), sigma, mode='nearest'), rounded half up.
test.each([
  [0.5, [28, 151, 72, 104, 219, 15, 73, 192, 132, 81, 70, 42, 165, 185, 38, 122, 50, 110, 184, 76]],
  [1.0, [51, 93, 111, 130, 166, 51, 89, 126, 131, 117, 70, 87, 127, 131, 90, 97, 89, 118, 131, 93]],
  [2.0, [67, 88, 109, 129, 145, 75, 91, 106, 118, 126, 86, 96, 105, 110, 109, 98, 102, 105, 105, 100]],
])('sigma %d agrees with scipy', (sigma, expected) => {
  expect([...gaussianBlur(image, sigma).data]).toEqual(expected);
});

test('sigma 0 is a copy', () => {
  const copy = gaussianBlur(image, 0);
  expect(copy).toEqual(image);
  expect(copy.data).not.toBe(image.data);
});
