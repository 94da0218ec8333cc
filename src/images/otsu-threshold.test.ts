import { expect, test } from 'vitest';
import { grayHistogram, otsuThreshold } from './otsu-threshold.ts';

test('agrees with skimage.filters.threshold_otsu (0.26) on mixed grays', () => {
  const data = Uint8Array.of(10, 200, 30, 90, 255, 0, 50, 250, 120, 60, 77, 13, 180, 220, 5, 140, 33, 99, 210, 66);
  const split = otsuThreshold(grayHistogram(data));
  expect(split?.threshold).toBe(120);
  expect(split?.lightCount).toBe(7);
  expect(split?.lightMean).toBeCloseTo((200 + 255 + 250 + 180 + 220 + 140 + 210) / 7);
  expect(split?.darkMean).toBeCloseTo((10 + 30 + 90 + 50 + 120 + 60 + 77 + 13 + 5 + 33 + 99 + 66) / 13);
});

test('two gray values are split between them, at the first of the equal thresholds', () => {
  expect(otsuThreshold(grayHistogram(Uint8Array.of(0, 0, 255)))).toEqual({
    threshold: 0,
    darkMean: 0,
    lightMean: 255,
    lightCount: 1,
  });
});

test('one gray value cannot be split', () => {
  expect(otsuThreshold(grayHistogram(Uint8Array.of(7, 7, 7)))).toBeUndefined();
  expect(otsuThreshold(grayHistogram(new Uint8Array(0)))).toBeUndefined();
});
