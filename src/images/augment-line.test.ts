import { describe, expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { augmentLine, defaultLineAugmentation } from './augment-line.ts';
import { draw } from './testing/draw.ts';

const fence = draw(300, 64, (x, y) => (x >= 4 && x < 296 && x % 20 < 4 && y >= 4 && y < 60 ? 255 : 0));

describe('augmentLine', () => {
  test('with probability 0 the line stays as it is', () => {
    expect(augmentLine(fence, 300, Random.of(1), { ...defaultLineAugmentation, probability: 0 })).toEqual(fence);
  });

  test('the same random numbers give the same bytes, others give others', () => {
    const once = augmentLine(fence, 280, Random.of(1));
    expect([once.width, once.height]).toEqual([280, 64]);
    expect(augmentLine(fence, 280, Random.of(1))).toEqual(once);
    expect(augmentLine(fence, 280, Random.of(2))).not.toEqual(once);
  });

  test('the line given is not changed', () => {
    const copy = fence.data.slice();
    for (let seed = 0; seed < 20; seed++) augmentLine(fence, 250, Random.of(seed));
    expect(fence.data).toEqual(copy);
  });

  test('the writing remains: every one of 100 lines has clear ink on darker paper', () => {
    for (let seed = 0; seed < 100; seed++) {
      const sorted = augmentLine(fence, 300, Random.of(seed)).data.sort();
      const paper = sorted[sorted.length >> 1];
      const ink = sorted[Math.floor(sorted.length * 0.97)];
      expect(ink - paper).toBeGreaterThan(70);
    }
  });

  test('each change comes about as often as its probability says', () => {
    const off = { ...defaultLineAugmentation, probability: 0 };
    const unchanged = Array.from({ length: 400 }, (_, seed) =>
      augmentLine(fence, 300, Random.of(seed), { ...off, probability: 0.2, paper: 0 }),
    ).filter(({ data }) => data.every((value, i) => value === fence.data[i]));
    // Four changes of probability 0.2 all stay away with 0.8⁴ = 0.41.
    expect(Math.abs(unchanged.length / 400 - 0.41)).toBeLessThan(0.08);
  });
});
