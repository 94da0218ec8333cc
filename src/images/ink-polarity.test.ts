import { expect, test } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { isInkDark } from './ink-polarity.ts';
import { invert } from './invert.ts';
import { draw, isOnRing } from './testing/draw.ts';

const isOnL = (x: number, y: number) => x < 20 || y >= 140;

const DARK_INK: [string, GrayImage][] = [
  ['a thin ring', draw(200, 200, (x, y) => (isOnRing(x, y, 100, 100, 70, 3) ? 40 : 220))],
  ['a ring that covers most of the image', draw(200, 200, (x, y) => (isOnRing(x, y, 100, 100, 50, 78) ? 0 : 255))],
  ['a small ring on a large sheet', draw(600, 400, (x, y) => (isOnRing(x, y, 500, 90, 12, 3) ? 30 : 200))],
  ['an L cropped tightly', draw(100, 160, (x, y) => (isOnL(x, y) ? 30 : 230))],
  ['light falling off to the right', draw(200, 150, (x, y) => (isOnRing(x, y, 90, 75, 50, 6) ? 0.4 : 1) * (250 - x))],
  [
    'a shadow over one half',
    draw(200, 150, (x, y) => (isOnRing(x, y, 100, 75, 50, 6) ? 0.3 : 1) * (x < 110 ? 230 : 120)),
  ],
  [
    'a shadow over most of the sheet',
    draw(200, 150, (x, y) => (isOnRing(x, y, 100, 75, 50, 6) ? 0.3 : 1) * (x < 80 ? 230 : 115)),
  ],
  [
    'a dark frame at the rim',
    draw(150, 150, (x, y) => {
      const isFrame = Math.min(x, y, 149 - x, 149 - y) < 3;
      return isFrame || isOnRing(x, y, 75, 75, 40, 6) ? 20 : 230;
    }),
  ],
];

test.each(DARK_INK)('%s', (_, image) => {
  expect(isInkDark(image)).toBe(true);
  expect(isInkDark(invert(image))).toBe(false);
});

test('one tone counts as paper without ink', () => {
  expect(isInkDark(draw(1, 1, () => 128))).toBe(true);
  expect(isInkDark(draw(30, 20, () => 0))).toBe(true);
});
