import { expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { addBleed, addClouds, addNoise, changeThickness, changeTone } from './change-ink.ts';
import { draw } from './testing/draw.ts';

// prettier-ignore
const dot = () => ({
  width: 5,
  height: 4,
  data: Uint8Array.of(
    0, 0,   0, 0, 0,
    0, 0, 200, 0, 0,
    0, 0,   0, 0, 0,
    0, 0,   0, 0, 0,
  ),
});

test('thicker: the four neighbours take their share of the brightest', () => {
  const image = dot();
  changeThickness(image, 0.5);
  // prettier-ignore
  expect([...image.data]).toEqual([
    0,   0, 100,   0, 0,
    0, 100, 200, 100, 0,
    0,   0, 100,   0, 0,
    0,   0,   0,   0, 0,
  ]);
});

test('thinner: each pixel goes down towards its darkest neighbour', () => {
  const image = draw(4, 3, (x) => (x < 3 ? 100 : 0));
  changeThickness(image, -0.25);
  expect([...image.data.subarray(0, 4)]).toEqual([100, 100, 75, 0]);
});

test('tone: gain, offset and gamma', () => {
  const image = { width: 3, height: 1, data: Uint8Array.of(0, 128, 255) };
  changeTone(image, 0.5, 0.1, 2);
  // 255 × (0² × 0.5 + 0.1), 255 × ((128/255)² × 0.5 + 0.1), 255 × 0.6.
  expect([...image.data]).toEqual([26, 58, 153]);
});

test('bleed: the mirror image at its strength, beneath the ink', () => {
  const image = { width: 5, height: 1, data: Uint8Array.of(200, 40, 0, 0, 0) };
  addBleed(image, 0.5);
  expect([...image.data]).toEqual([200, 40, 0, 20, 100]);
});

test('noise has the deviation asked for, clipped, and follows the random numbers', () => {
  const noisy = (seed: number) => {
    const image = draw(200, 50, () => 128);
    addNoise(image, 12, Random.of(seed));
    return image.data;
  };
  const data = noisy(1);
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length);
  expect(Math.abs(mean - 128)).toBeLessThan(0.5);
  expect(Math.abs(deviation - 12)).toBeLessThan(0.4);
  expect(noisy(1)).toEqual(data);
  expect(noisy(2)).not.toEqual(data);
});

test('clouds lighten the paper up to their strength and leave ink alone', () => {
  const image = draw(100, 40, (x) => (x === 50 ? 250 : 0));
  addClouds(image, 30, Random.of(3));
  const paper = image.data.filter((_, i) => i % 100 !== 50);
  expect(Math.max(...paper)).toBeLessThanOrEqual(30);
  expect(Math.max(...paper)).toBeGreaterThan(20);
  expect(image.data[150]).toBe(250);
});
