import { describe, expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { inkLevels } from './ink-levels.ts';
import { draw } from './testing/draw.ts';

describe('inkLevels', () => {
  test('the level of ink is the mean of what is brighter than the threshold', () => {
    const levels = inkLevels(draw(20, 20, (x) => (x === 3 ? 180 : x === 4 ? 200 : 10)));
    expect(levels?.ink).toBe(190);
    expect(levels?.threshold).toBeGreaterThanOrEqual(10);
    expect(levels?.threshold).toBeLessThan(180);
  });

  test('a few pixels of ink are not lost in noise, where Otsu alone would split the noise', () => {
    const random = Random.of(1);
    const levels = inkLevels(draw(200, 200, (x, y) => (y === 90 && x < 60 ? 200 : 40 + 6 * random.normal())));
    expect(levels?.threshold).toBeGreaterThan(60);
    expect(levels?.ink).toBeGreaterThan(190);
  });

  test('ink that fills half of a picture is not taken for noise, however soft its edges', () => {
    // A stroke 10 wide on 20, with edges over 4 pixels: most neighbours differ.
    const levels = inkLevels(draw(20, 90, (x) => Math.max(20, Math.min(230, 40 * (8 - Math.abs(x - 10)) + 20))));
    expect(levels?.threshold).toBeGreaterThan(60);
    expect(levels?.threshold).toBeLessThan(190);
    expect(levels?.ink).toBeGreaterThan(180);
  });

  test('noise alone is not ink', () => {
    const random = Random.of(2);
    expect(inkLevels(draw(100, 100, () => 60 + 15 * random.normal()))).toBeUndefined();
  });

  test('one tone and a faint smudge are no ink', () => {
    expect(inkLevels(draw(10, 10, () => 0))).toBeUndefined();
    expect(inkLevels(draw(10, 10, (x) => (x > 7 ? 12 : 0)))).toBeUndefined();
  });
});
