import { expect, test } from 'vitest';
import { eraseRules } from './erase-rules.ts';
import type { GrayImage } from './gray-image.ts';
import { invert } from './invert.ts';

/** Paper of 220 with a stroke of 40, six pixels wide, from row 20 to row 80. */
function paperWithStroke(): GrayImage {
  const image = { width: 160, height: 100, data: new Uint8Array(160 * 100).fill(220) };
  for (let y = 20; y < 80; y++) image.data.fill(40, y * 160 + 77, y * 160 + 83);
  return image;
}

/** A dark line two pixels thick: at each column `x` at row `at(x)`. */
function rule({ width, height, data }: GrayImage, at: (x: number) => number): void {
  for (let x = 0; x < width; x++) {
    for (const y of [Math.round(at(x)), Math.round(at(x)) + 1]) if (y < height) data[y * width + x] = 120;
  }
}

/** What differs from the sheet without rules by more than a shade, in pixels. */
function differences(image: GrayImage | undefined): number {
  const { data } = paperWithStroke();
  return image!.data.filter((value, i) => Math.abs(value - data[i]) > 20).length;
}

test('erases level and upright rules, and leaves the stroke that they cross', () => {
  const squared = paperWithStroke();
  for (let y = 10; y < 100; y += 25) rule(squared, () => y);
  for (let x = 12; x < 160; x += 25) for (let y = 0; y < 100; y++) squared.data.fill(120, y * 160 + x, y * 160 + x + 2);
  expect(differences(squared)).toBeGreaterThan(1500);
  // Where strokes and rules of the same darkness touch, some pixels go either way.
  expect(differences(eraseRules(squared))).toBeLessThan(40);
  const light = eraseRules(invert(squared));
  expect(differences(invert(light!))).toBeLessThan(40);
});

test('erases rules that rise a little', () => {
  const tilted = paperWithStroke();
  for (const y of [15, 50, 85]) rule(tilted, (x) => y + 0.03 * (x - 80));
  expect(differences(tilted)).toBeGreaterThan(800);
  expect(differences(eraseRules(tilted))).toBeLessThan(20);
});

test('nothing is a rule that ends in the paper, or is as thick as a pen', () => {
  const frame = paperWithStroke();
  for (const y of [10, 90]) frame.data.fill(120, y * 160 + 40, y * 160 + 120);
  for (let y = 10; y < 90; y++) for (const x of [40, 120]) frame.data[y * 160 + x] = 120;
  expect(eraseRules(frame)).toBeUndefined();
  const bar = paperWithStroke();
  bar.data.fill(40, 45 * 160, 55 * 160);
  expect(eraseRules(bar)).toBeUndefined();
});
