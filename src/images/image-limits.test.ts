import { expect, test } from 'vitest';
import { checkPixelCount, formatBytes, imageLimits } from './image-limits.ts';

test('defaults: 32 MiB or 512 MiB of 10,000 pages, 50 million pixels, 4096 a side, 30 seconds', () => {
  expect(imageLimits()).toEqual({
    maxBytes: 33554432,
    maxDocumentBytes: 536870912,
    maxPages: 10000,
    maxPixels: 50000000,
    maxSide: 4096,
    maxSeconds: 30,
  });
  expect(imageLimits({ maxSide: 100, maxBytes: undefined })).toMatchObject({ maxSide: 100, maxBytes: 33554432 });
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is not a limit', (maxPixels) => {
  expect(() => imageLimits({ maxPixels })).toThrow('maxPixels must be a positive integer');
});

test('pixels up to the limit pass, one more does not', () => {
  expect(() => checkPixelCount('The image', 10, 10, 100)).not.toThrow();
  expect(() => checkPixelCount('The image', 101, 1, 100)).toThrow('101 × 1 pixels, more than the 100 allowed');
});

test('a side of up to 32,768 pixels passes', () => {
  expect(() => checkPixelCount('The image', 32768, 1, 1e6)).not.toThrow();
  expect(() => checkPixelCount('The image', 1, 32769, 1e6)).toThrow('1 × 32769 pixels, more than the 32768 allowed');
});

test('sizes for people', () => {
  expect([formatBytes(999), formatBytes(1048576), formatBytes(1572864)]).toEqual(['999 bytes', '1 MiB', '1.5 MiB']);
});
