import { describe, expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { type AugmentCharacterOptions, augmentCharacter, defaultCharacterAugmentation } from './augment-character.ts';
import { draw } from './testing/draw.ts';
import { emnistImage } from './testing/emnist-images.ts';

const NOTHING: AugmentCharacterOptions = {
  rotation: 0,
  shear: 0,
  scale: 0,
  shift: 0,
  elastic: 0,
  thickness: 0,
  brightness: 0,
  noise: 0,
};

function augment(source: Uint8Array, seed: number, options: Partial<AugmentCharacterOptions>): Uint8Array {
  const target = new Uint8Array(source.length).fill(99);
  augmentCharacter(source, target, 28, 28, Random.of(seed), { ...NOTHING, ...options });
  return target;
}

/** Mass, center and second moments of the ink. */
function moments(data: Uint8Array): { mass: number; x: number; y: number; xx: number; yy: number; xy: number } {
  const sum = (f: (x: number, y: number) => number) =>
    data.reduce((total, value, i) => total + value * f(i % 28, Math.floor(i / 28)), 0);
  const mass = sum(() => 1);
  const [x, y] = [sum((x) => x) / mass, sum((_, y) => y) / mass];
  const about = (f: (dx: number, dy: number) => number) => sum((px, py) => f(px - x, py - y)) / mass;
  return { mass, x, y, xx: about((dx) => dx * dx), yy: about((_, dy) => dy * dy), xy: about((dx, dy) => dx * dy) };
}

/** What 200 seeds make of one measure: smallest and largest. */
function span(source: Uint8Array, options: Partial<AugmentCharacterOptions>, measure: (data: Uint8Array) => number) {
  const all = Array.from({ length: 200 }, (_, seed) => measure(augment(source, seed, options)));
  return { low: Math.min(...all), high: Math.max(...all) };
}

const bar = draw(28, 28, (x, y) => (x >= 12 && x < 16 && y >= 5 && y < 23 ? 255 : 0)).data;

describe('augmentCharacter', () => {
  test('all ranges 0 leave the image alone', () => {
    const { data } = emnistImage('R');
    expect(augment(data, 1, {})).toEqual(data);
  });

  test('the same random numbers give the same bytes, others give others', () => {
    const { data } = emnistImage('R');
    const once = augment(data, 7, defaultCharacterAugmentation);
    expect(augment(data, 7, defaultCharacterAugmentation)).toEqual(once);
    expect(augment(data, 8, defaultCharacterAugmentation)).not.toEqual(once);
    expect(data).toEqual(emnistImage('R').data);
  });

  test('shift moves the center by up to so many pixels', () => {
    const { low, high } = span(bar, { shift: 2 }, (data) => moments(data).x - 13.5);
    expect(low).toBeGreaterThanOrEqual(-2.01);
    expect(low).toBeLessThan(-1.8);
    expect(high).toBeLessThanOrEqual(2.01);
    expect(high).toBeGreaterThan(1.8);
  });

  test('rotation turns the bar by up to so many degrees', () => {
    const angle = (data: Uint8Array) => {
      const { xx, yy, xy } = moments(data);
      return (Math.atan2(2 * xy, yy - xx) / 2) * (180 / Math.PI);
    };
    const { low, high } = span(bar, { rotation: 12 }, angle);
    expect(low).toBeGreaterThan(-12.5);
    expect(low).toBeLessThan(-11);
    expect(high).toBeLessThan(12.5);
    expect(high).toBeGreaterThan(11);
  });

  test('shear moves x by up to so much per pixel of y', () => {
    const { low, high } = span(bar, { shear: 0.2 }, (data) => moments(data).xy / moments(data).yy);
    expect(low).toBeGreaterThan(-0.21);
    expect(low).toBeLessThan(-0.18);
    expect(high).toBeGreaterThan(0.18);
    expect(high).toBeLessThan(0.21);
  });

  test('scale changes the length by up to so much', () => {
    const length = Math.sqrt(moments(bar).yy);
    const { low, high } = span(bar, { scale: 0.15 }, (data) => Math.sqrt(moments(data).yy) / length);
    expect(low).toBeGreaterThan(0.83);
    expect(low).toBeLessThan(0.88);
    expect(high).toBeGreaterThan(1.12);
    expect(high).toBeLessThan(1.17);
  });

  test('elastic displacement bends the bar and keeps its ink', () => {
    const { low, high } = span(bar, { elastic: 0.8 }, (data) => moments(data).mass / moments(bar).mass);
    expect(low).toBeGreaterThan(0.75);
    expect(high).toBeLessThan(1.3);
    expect(high - low).toBeGreaterThan(0.1);
  });

  test('thickness makes strokes thicker and thinner, with the given probability', () => {
    const { low, high } = span(bar, { thickness: 1 }, (data) => moments(data).mass / moments(bar).mass);
    expect(low).toBeLessThan(0.75);
    expect(high).toBeGreaterThan(1.25);
    const changed = Array.from({ length: 400 }, (_, seed) => augment(bar, seed, { thickness: 0.25 })).filter(
      (data) => moments(data).mass !== moments(bar).mass,
    );
    expect(Math.abs(changed.length / 400 - 0.25)).toBeLessThan(0.07);
  });

  test('brightness scales the ink and leaves the paper black', () => {
    const { low, high } = span(bar, { brightness: 0.2 }, (data) => data[14 * 28 + 14]);
    expect(low).toBeGreaterThanOrEqual(204);
    expect(low).toBeLessThan(208);
    expect(high).toBe(255);
    expect(augment(bar, 3, { brightness: 0.2 })[0]).toBe(0);
  });

  test('noise has the given deviation', () => {
    const gray = new Uint8Array(784).fill(128);
    const inner = augment(gray, 5, { noise: 10 }).filter((_, i) => i % 28 < 27 && i < 27 * 28);
    const mean = inner.reduce((a, b) => a + b, 0) / inner.length;
    const variance = inner.reduce((a, b) => a + (b - mean) ** 2, 0) / inner.length;
    expect(Math.abs(Math.sqrt(variance) - 10)).toBeLessThan(1);
  });
});
