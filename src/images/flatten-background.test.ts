import { expect, test } from 'vitest';
import { flattenBackground } from './flatten-background.ts';
import { draw } from './testing/draw.ts';

/** Paper whose light falls from 240 to 120, with a stroke that reflects 40 % of it. */
const isStroke = (x: number) => x >= 56 && x < 64;
const image = draw(121, 60, (x) => Math.round((240 - x) * (isStroke(x) ? 0.4 : 1)));

test('ink is 255 × (1 − reflectance), whatever the light', () => {
  const { data } = flattenBackground(image, 36);
  for (let x = 58; x < 62; x++) expect(Math.abs(data[30 * 121 + x] - 255 * 0.6)).toBeLessThanOrEqual(5);
});

test('paper is black in light and in shadow', () => {
  const { data } = flattenBackground(image, 36);
  for (const x of [20, 40, 50, 70, 80, 100]) expect(data[30 * 121 + x]).toBeLessThanOrEqual(6);
});

test('a stroke wider than the window is taken for paper', () => {
  const { data } = flattenBackground(image, 4);
  expect(data[30 * 121 + 60]).toBeLessThanOrEqual(10);
});

test('an image of one tone has no ink', () => {
  for (const tone of [0, 7, 255]) {
    const { data } = flattenBackground(
      draw(9, 5, () => tone),
      4,
    );
    expect(Math.max(...data)).toBe(0);
  }
});
