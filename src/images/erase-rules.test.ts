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
    for (const y of [Math.round(at(x)), Math.round(at(x)) + 1])
      if (y < height) data[y * width + x] = Math.min(data[y * width + x], 120);
  }
}

/** What differs from the sheet without rules by more than a shade, in pixels. */
function differences(image: GrayImage): number {
  const { data } = paperWithStroke();
  return image.data.filter((value, i) => Math.abs(value - data[i]) > 40).length;
}

test('erases level and upright rules, and leaves the stroke that they cross', () => {
  const squared = paperWithStroke();
  for (let y = 10; y < 100; y += 25) rule(squared, () => y);
  for (let x = 12; x < 160; x += 25) for (let y = 0; y < 100; y++) squared.data.fill(120, y * 160 + x, y * 160 + x + 2);
  expect(differences(squared)).toBeGreaterThan(1500);
  // Where strokes and rules of the same darkness touch, some pixels go either way.
  const erased = eraseRules(squared)!;
  expect(erased).toMatchObject({ level: 4, upright: 6 });
  // Where strokes and rules of the same darkness touch, some pixels go either way.
  expect(differences(erased.image)).toBeLessThan(40);
  expect(differences(invert(eraseRules(invert(squared))!.image))).toBeLessThan(40);
});

test('erases rules that rise a little', () => {
  const tilted = paperWithStroke();
  for (const y of [15, 50, 85]) rule(tilted, (x) => y + 0.03 * (x - 80));
  expect(differences(tilted)).toBeGreaterThan(800);
  expect(differences(eraseRules(tilted)!.image)).toBeLessThan(20);
});

test('keeps a thin stroke that lies along a rule', () => {
  const image = { width: 160, height: 100, data: new Uint8Array(160 * 100).fill(220) };
  // Light falls through rule and stroke: 0.5 of it through either, a quarter through both.
  for (const y of [15, 45, 75]) for (let i = y * 160; i < (y + 2) * 160; i++) image.data[i] = 110;
  for (let x = 60; x < 100; x++) image.data.fill(55, 45 * 160 + x, 45 * 160 + x + 1);
  const { data } = eraseRules(image)!.image;
  expect(Math.abs(data[45 * 160 + 80] - 110)).toBeLessThan(10);
  expect(data[45 * 160 + 40]).toBeGreaterThan(210);
});

test('finds the rule that writing hides, in step with the others', () => {
  const ruled = paperWithStroke();
  for (const y of [10, 30, 50, 70]) rule(ruled, () => y);
  // Words 12 pixels high stand across one of the rules for two thirds of its length.
  for (let y = 44; y < 56; y++) for (const x of [0, 60, 115]) ruled.data.fill(60, y * 160 + x, y * 160 + x + 35);
  const { image, level } = eraseRules(ruled)!;
  expect(level).toBe(4);
  expect(image.data[50 * 160 + 50]).toBeGreaterThan(200);
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
