import { expect, test } from 'vitest';
import { gaussianBlur } from './gaussian-blur.ts';
import { invert } from './invert.ts';
import { measurePicture } from './measure-picture.ts';
import { draw } from './testing/draw.ts';

/** Vertical strokes 4 pixels wide every 16: a quarter of the picture. */
const strokes = draw(320, 40, (x) => (x % 16 < 4 ? 40 : 240));

test('strokes on paper are measured as they were drawn', () => {
  // Mean gray: (40 + 3 · 240) / 4 = 190.
  const { brightness, contrast, ...rest } = measurePicture(strokes);
  expect(brightness).toBeCloseTo(190 / 255, 6);
  expect(contrast).toBeCloseTo(200 / 255, 6);
  expect(rest).toEqual({ ink: 0.25, sharpness: 1, inverted: 0 });
});

test('light ink on dark is inverted, with as much ink', () => {
  expect(measurePicture(invert(strokes))).toMatchObject({ ink: 0.25, inverted: 1, sharpness: 1 });
});

test('a blurred picture is less sharp', () => {
  // Across an edge that is blurred with σ = 2 the steepest step is 1 / (2 √(2 π)) = 0.2 of its height.
  const edge = draw(320, 40, (x) => (x % 64 < 32 ? 40 : 240));
  expect(measurePicture(gaussianBlur(edge, 2)).sharpness).toBeCloseTo(0.2, 1);
});

test('a picture of one tone has no ink and no edges', () => {
  expect(measurePicture(draw(9, 5, () => 255))).toEqual({
    brightness: 1,
    contrast: 0,
    ink: 0,
    sharpness: 0,
    inverted: 0,
  });
  expect(measurePicture(draw(1, 1, () => 0))).toMatchObject({ brightness: 0, ink: 0 });
});

test('a large picture is measured as its small copy is', () => {
  const large = draw(3200, 2000, (x) => (x % 160 < 40 ? 40 : 240));
  const { brightness, ink } = measurePicture(large);
  expect(brightness).toBeCloseTo(190 / 255, 2);
  expect(ink).toBeCloseTo(0.25, 2);
});
